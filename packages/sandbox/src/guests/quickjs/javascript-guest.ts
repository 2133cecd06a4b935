import type { JsonValue } from '@trocar/core';
import type { JSModuleLoader, QuickJSContext, QuickJSHandle, VmCallResult } from 'quickjs-emscripten-core';
import type { FuelTank } from '../../host/fuel-tank.js';
import { type FileQuota, VirtualFileSystem } from '../../host/virtual-file-system.js';
import type { GuestLimits } from '../../limits.js';
import type { Trap } from '../../outcome.js';
import { GuestException } from '../guest-exception.js';
import type { GuestResult } from '../guest-result.js';
import { toTrap } from '../to-trap.js';
import { type Engine, startEngine } from './engine.js';
import { HostFunctions, projectRoot, toGuestPath } from './host-functions.js';
import { type GuestLibrary, loadGuestLibrary } from './library.js';
import { createImportWrapper, createJsonModule, toModuleSource } from './module-source.js';
import { RejectionTracker } from './rejection-tracker.js';
import { ModuleResolver } from './resolve.js';

/** One JavaScript program, as the thread that runs it gets it. */
export interface JavaScriptProgram {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly entry: string;
  readonly invoke?: string;
  readonly args?: readonly JsonValue[];
  /** Whether the entry is a test file, to be driven by the test runner. */
  readonly tests: boolean;
}

const quota: FileQuota = { bytes: 64 * 1024 * 1024, nodes: 20_000 };

/** The guest's own stack, in bytes: what recursion in JavaScript may use before QuickJS throws. */
const javascriptStackBytes = 512 * 1024;

const missingPrefix = 'trocar:missing:';

/** The name under which `require` loads a module of the library. */
const requireModule = 'trocar:require';

/** Runs a JavaScript program in a fresh instance of the metered engine. */
export async function runJavaScriptGuest(
  compiled: WebAssembly.Module,
  program: JavaScriptProgram,
  limits: GuestLimits,
): Promise<GuestResult> {
  const library = loadGuestLibrary();
  let functions: HostFunctions | undefined;
  const nowMs = () => Math.floor(functions?.nowMs ?? 0);
  const files = new VirtualFileSystem(quota, nowMs);
  for (const directory of ['/tmp', '/home/guest', projectRoot]) files.mountDirectory(directory);
  for (const [path, bytes] of program.files) files.mount(toGuestPath(path), bytes);
  const resolver = new ModuleResolver(
    {
      kindOf: (path) => {
        const kind = files.find(path)?.kind;
        return kind === 'link' ? undefined : kind;
      },
      readText: (path) => new TextDecoder().decode(files.read(path)),
      isScript: (source) => session?.isScript(source) ?? true,
    },
    library.builtins,
  );
  let engine: Engine | undefined;
  let session: Session | undefined;
  let tank: FuelTank | undefined;
  let memory: WebAssembly.Memory | undefined;
  functions = new HostFunctions({ files, resolver, library, exit: () => tank?.stop() });
  let trap: Trap | undefined;
  try {
    engine = await startEngine(
      compiled,
      limits,
      () => functions.nowMs,
      (...started) => {
        [tank, memory] = started;
      },
    );
    session = new Session(engine, functions, resolver, library);
    session.run(program);
    trap = verdictOf(functions);
  } catch (error) {
    trap = functions.hasExited ? verdictOf(functions) : toTrap(error, tank, engine?.wantedMoreMemory());
  }
  const { stdout, stderr, values, tests, denied, missing, hostCalls } = functions;
  return {
    values: trap === undefined ? values : [],
    stdout: stdout.toString(),
    stderr: stderr.toString(),
    ...(trap !== undefined && {
      trap: engine?.wantedMoreMemory() === true && trap.kind === 'guest' ? { ...trap, kind: 'memory' } : trap,
    }),
    fuelUnits: tank?.usedUnits ?? 0,
    peakMemoryBytes: memory?.buffer.byteLength ?? 0,
    hostCalls: { ...hostCalls },
    tests,
    denied,
    missing,
  };
}

function verdictOf(functions: HostFunctions): Trap | undefined {
  if (functions.uncaught !== undefined) return { kind: 'guest', message: functions.uncaught };
  if (functions.exitCode !== undefined && functions.exitCode !== 0) {
    return { kind: 'guest', message: `The program ended with exit code ${functions.exitCode}.` };
  }
  if (functions.exitCode === undefined && !functions.isDone) {
    return { kind: 'guest', message: 'The program waits for something that can never happen.' };
  }
  if (functions.openTests > 0) {
    return { kind: 'guest', message: `${functions.openTests} tests did not come to a verdict.` };
  }
  return undefined;
}

function wrapCommonJs(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** A value for the guest, an exception for it, or nothing. */
type GuestReply = QuickJSHandle | VmCallResult<QuickJSHandle> | undefined;

/** One program in one engine. Nothing is given back: the whole instance is dropped afterwards. */
class Session {
  readonly #engine: Engine;
  readonly #functions: HostFunctions;
  readonly #resolver: ModuleResolver;
  readonly #library: GuestLibrary;
  readonly #context: QuickJSContext;
  readonly #rejections: RejectionTracker;
  /** Called in the guest with each reason that nobody handles. */
  #unhandled: QuickJSHandle | undefined;
  /** Failure of the host inside a call from the guest; the guest is stopped and this is thrown outside. */
  #broken: { readonly error: unknown } | undefined;

  constructor(engine: Engine, functions: HostFunctions, resolver: ModuleResolver, library: GuestLibrary) {
    this.#engine = engine;
    this.#functions = functions;
    this.#resolver = resolver;
    this.#library = library;
    const runtime = engine.quickjs.newRuntime();
    runtime.setMaxStackSize(javascriptStackBytes);
    runtime.setModuleLoader(
      (name) => this.#guard(() => this.#load(name)),
      (from, specifier) => this.#guard(() => this.#normalize(specifier, from)),
    );
    this.#context = runtime.newContext();
    this.#rejections = new RejectionTracker(engine, this.#context);
  }

  run(program: JavaScriptProgram): void {
    const context = this.#context;
    this.#define('__trocarHost', (name, argument, bytes) => this.#call(name, argument, bytes));
    this.#define('__trocarCompile', (source, path) => this.#compile(source, path));
    this.#define('__trocarBuiltin', (name) => this.#loadBuiltin(name));
    const main = this.#unwrap(
      context.evalCode(this.#library.source('trocar:main')!, 'trocar:main', { type: 'module' }),
    );
    this.#unhandled = context.getProp(main, 'unhandled');
    const request = JSON.stringify({
      entry: toGuestPath(program.entry),
      invoke: program.invoke,
      args: program.args ?? [],
      tests: program.tests,
    });
    this.#unwrap(context.callFunction(context.getProp(main, 'start'), context.undefined, context.newString(request)));
    const step = context.getProp(main, 'step');
    do {
      this.#drain();
      if (this.#functions.uncaught !== undefined) break;
    } while (context.dump(this.#unwrap(context.callFunction(step, context.undefined))) === true);
    this.#unwrap(context.callFunction(context.getProp(main, 'finish'), context.undefined));
  }

  /** Runs all jobs of this turn; what is rejected and not handled by then has failed, as in Node. */
  #drain(): void {
    const context = this.#context;
    for (;;) {
      const result = context.runtime.executePendingJobs();
      if (this.#broken !== undefined) throw this.#broken.error;
      if ('error' in result && result.error !== undefined) {
        throw new Error(String(context.dump(result.error)?.message ?? 'a job failed'));
      }
      const reasons = this.#rejections.take();
      if (reasons.length === 0) return;
      for (const reason of reasons) this.#unwrap(context.callFunction(this.#unhandled!, context.undefined, reason));
    }
  }

  /** Whether a source is valid as the body of a CommonJS module. */
  isScript(source: string): boolean {
    const result = this.#context.evalCode(wrapCommonJs(source), 'trocar:detect', { compileOnly: true });
    if (this.#broken !== undefined) throw this.#broken.error;
    return result.error === undefined;
  }

  #define(name: string, body: (...args: QuickJSHandle[]) => GuestReply): void {
    const context = this.#context;
    const handle = context.newFunction(name, (...args) => this.#guard(() => body(...args)));
    context.setProp(context.global, name, handle);
  }

  /** Runs host code that the guest called. What breaks in it must not become something the guest can catch. */
  #guard<Value>(body: () => Value): Value {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof GuestException)) {
        this.#broken ??= { error };
        this.#engine.tank.stop();
      }
      throw error;
    }
  }

  #call(name: QuickJSHandle, argument: QuickJSHandle, bytes: QuickJSHandle | undefined): QuickJSHandle | undefined {
    const context = this.#context;
    const given =
      bytes === undefined || context.typeof(bytes) !== 'object'
        ? undefined
        : context.getArrayBuffer(bytes).value.slice();
    const reply = this.#functions.call(context.getString(name), context.getString(argument), given);
    if (reply === undefined) return undefined;
    return typeof reply === 'string' ? context.newString(reply) : context.newArrayBuffer(new Uint8Array(reply).buffer);
  }

  #compile(source: QuickJSHandle, path: QuickJSHandle): GuestReply {
    const text = this.#context.getString(source);
    return this.#context.evalCode(wrapCommonJs(text), this.#context.getString(path));
  }

  #loadBuiltin(name: QuickJSHandle): GuestReply {
    const specifier = `node:${this.#context.getString(name)}`;
    const source = `import * as namespace from ${JSON.stringify(specifier)}; export default namespace.default;`;
    return this.#context.evalCode(source, requireModule, { type: 'module' });
  }

  #normalize(specifier: string, from: string): string {
    // A caller is the library only if it is known to be: code that was made from text has a name of no kind.
    const isLibrary = from === requireModule || this.#library.source(from) !== undefined;
    if (specifier.startsWith('trocar:')) {
      // The library's own modules, and the wrappers that it makes for CommonJS, see its inside; programs do not.
      if (isLibrary || specifier === 'trocar:commonjs') return specifier;
      return this.#missing('ERR_MODULE_NOT_FOUND', `Cannot find package '${specifier}' imported from ${from}`);
    }
    if (isLibrary) return specifier.startsWith('/') ? this.#resolved(specifier, `${projectRoot}/entry`) : specifier;
    return this.#resolved(specifier, from.startsWith('/') ? from : `${projectRoot}/[eval]`);
  }

  #resolved(specifier: string, from: string): string {
    const found = this.#resolver.resolve(specifier, from, 'import');
    if (found.kind === 'builtin') return `node:${found.name}`;
    if (found.kind === 'file') return found.path;
    this.#functions.noteMissing(found.message);
    return this.#missing(found.code, found.message);
  }

  /** A module name that stands for a failure: only the loader can raise an exception that carries a code. */
  #missing(code: string, message: string): string {
    return missingPrefix + JSON.stringify({ code, message });
  }

  #load(name: string): ReturnType<JSModuleLoader> {
    if (name.startsWith(missingPrefix)) {
      const { code, message } = JSON.parse(name.slice(missingPrefix.length)) as {
        readonly code: string;
        readonly message: string;
      };
      const source = `Object.assign(new Error(${JSON.stringify(message)}), { code: ${JSON.stringify(code)} })`;
      return { error: this.#unwrap(this.#context.evalCode(source, 'trocar:loader')) };
    }
    if (!name.startsWith('/')) {
      const source = this.#library.source(name);
      return source ?? { error: new GuestException(`There is no module ${name}`) };
    }
    const source = this.#functions.source(name);
    switch (this.#resolver.formatOf(name)) {
      case 'module':
        return toModuleSource(source, name);
      case 'json':
        return createJsonModule(source);
      case 'commonjs':
        return createImportWrapper(source, name);
    }
  }

  /** The value of a result; a guest exception becomes a trap. */
  #unwrap(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (this.#broken !== undefined) throw this.#broken.error;
    if (result.error === undefined) return result.value;
    const dumped = this.#context.dump(result.error) as
      | { readonly name?: string; readonly message?: string }
      | undefined;
    throw new GuestException(`${dumped?.name ?? 'Error'}: ${dumped?.message ?? 'unknown'}`);
  }
}
