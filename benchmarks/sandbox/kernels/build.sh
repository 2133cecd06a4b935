#!/bin/sh
# Builds kernels.wasm. Needs zig's C compiler: pip install ziglang==0.15.1 in a virtual environment, then
#   ZIG="python -m ziglang" ./build.sh
set -eu
cd "$(dirname "$0")"
${ZIG:-zig} cc --target=wasm32-freestanding -mcpu=mvp+bulk_memory -O2 -fno-builtin -nostdlib -Wl,--no-entry -Wl,--strip-all -o kernels.wasm kernels.c
