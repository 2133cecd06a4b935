/// <reference path="./web-assembly.d.ts" />
export type { Attack, AttackVerdict } from './attacks/attack.js';
export { listAttacks, runAttacks } from './attacks/run-attacks.js';
export { SandboxError, type SandboxErrorCode } from './errors.js';
export { defaultLimits, type GuestLimits } from './limits.js';
export { openSandbox } from './open-sandbox.js';
export type { GuestOutcome, TestResult, TestRun, Trap, TrapKind } from './outcome.js';
export type { Receipt } from './receipt.js';
export type { GuestArgument, JavaScriptCall, Sandbox, SandboxOptions, TestCall, WasmCall } from './sandbox.js';
export { type ReceiptVerdict, verifyReceipt } from './verify-receipt.js';
