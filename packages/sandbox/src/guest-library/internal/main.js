import 'trocar:globals';
import { turn } from 'trocar:clock';
import { call } from 'trocar:host';
import { inspect, writeError } from 'trocar:inspect';
import { apply, parse } from 'trocar:intrinsics';
import { process } from 'trocar:process';
import { failCurrent, run as runTests } from 'trocar:test-runner';
import { onUncaught, reportUncaught } from 'trocar:uncaught';

function describe(error) {
  try {
    return `${error instanceof Error ? writeError(error) : `Uncaught ${inspect(error)}`}`;
  } catch {
    return 'Uncaught error that cannot be shown';
  }
}

let isTesting = false;

onUncaught((error) => {
  if (failCurrent(error)) return;
  call('uncaught', describe(error));
});

/** Starts a program; the host then turns the clock until nothing is left to do. */
export function start(request) {
  const { entry, invoke, args, tests } = parse(request);
  process.argv[1] = entry;
  isTesting = tests;
  main(entry, invoke, args);
}

async function main(entry, invoke, args) {
  try {
    const namespace = await import(entry);
    if (isTesting) await runTests();
    else if (invoke !== undefined) {
      const callee = namespace[invoke] ?? namespace.default?.[invoke];
      if (typeof callee !== 'function') throw new TypeError(`${entry} exports no function ${invoke}`);
      const value = await apply(callee, undefined, args);
      call('value', value === undefined ? null : value);
    }
    call('done', Number(process.exitCode ?? 0));
  } catch (error) {
    call('uncaught', describe(error));
  }
}

/** One turn of the event loop; false when the program has nothing left to wait for. */
export function step() {
  try {
    return turn();
  } catch (error) {
    reportUncaught(error);
    return true;
  }
}

/** What happens to a promise that is rejected and that nobody handles: it fails like an error that nobody catches. */
export function unhandled(reason) {
  if (!isTesting && process.listenerCount('unhandledRejection') > 0) process.emit('unhandledRejection', reason);
  else reportUncaught(reason);
}

/** Tells `process` listeners that the program ends; they may still change its exit code. */
export function finish() {
  process.emit('exit', Number(process.exitCode ?? 0));
  if (process.exitCode !== undefined) call('exit-code', Number(process.exitCode));
}
