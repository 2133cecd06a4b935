# Runs kernels in wasmtime, one line of JSON in, one line out: {"kernel", "size", "fuel"} -> {"ms", "result", "fuelUnits"}.
import json
import sys
import time
from importlib.metadata import version

import wasmtime

GRANT = 10**15


def open_engine(fuel):
    config = wasmtime.Config()
    config.consume_fuel = fuel
    return wasmtime.Engine(config)


modules = {}
for fuel in (False, True):
    engine = open_engine(fuel)
    started = time.perf_counter()
    module = wasmtime.Module(engine, open(sys.argv[1], "rb").read())
    modules[fuel] = (engine, module, (time.perf_counter() - started) * 1000)
print(json.dumps({"version": version("wasmtime"), "compileMs": {"plain": modules[False][2], "fuel": modules[True][2]}}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    engine, module, _ = modules[request["fuel"]]
    store = wasmtime.Store(engine)
    if request["fuel"]:
        store.set_fuel(GRANT)
    instance = wasmtime.Instance(store, module, [])
    function = instance.exports(store)[request["kernel"]]
    if request["fuel"]:
        store.set_fuel(GRANT)
    started = time.perf_counter()
    result = function(store, request["size"])
    elapsed = (time.perf_counter() - started) * 1000
    used = GRANT - store.get_fuel() if request["fuel"] else 0
    print(json.dumps({"ms": elapsed, "result": result & 0xFFFFFFFF, "fuelUnits": used}), flush=True)
