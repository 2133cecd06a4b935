import type { CallbackModel, CleanModel, ModelSet, SinkModel, SourceModel, TypeModel } from './schema.js';

/** Models found by path: exact first, then by the last name for those that begin with `*.`. */
class PathTable<T> {
  readonly #exact = new Map<string, T[]>();
  readonly #prefixes: { readonly prefix: string; readonly models: readonly T[] }[] = [];

  add(path: string, model: T): void {
    if (path.endsWith('*')) this.#prefixes.push({ prefix: path.slice(0, -1), models: [model] });
    const models = this.#exact.get(path);
    if (models === undefined) this.#exact.set(path, [model]);
    else models.push(model);
  }

  find(path: string): readonly T[] {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    const prefixed = this.#prefixes.find(({ prefix }) => path.startsWith(prefix));
    if (prefixed !== undefined) return prefixed.models;
    return this.#exact.get(`*${path.slice(path.lastIndexOf('.'))}`) ?? [];
  }
}

/** All models, ready for look-up. */
export class ModelIndex {
  readonly #sinks = new PathTable<SinkModel>();
  readonly #sources = new PathTable<SourceModel>();
  readonly #callbacks = new PathTable<CallbackModel>();
  readonly #cleans = new PathTable<CleanModel>();
  readonly #types = new PathTable<TypeModel>();

  constructor(sets: readonly ModelSet[]) {
    const addAll = <T extends { readonly paths: readonly string[] }>(
      table: PathTable<T>,
      models: readonly T[] = [],
    ): void => {
      for (const model of models) for (const path of model.paths) table.add(path, model);
    };
    for (const set of sets) {
      addAll(this.#sinks, set.sinks);
      addAll(this.#sources, set.sources);
      addAll(this.#callbacks, set.callbacks);
      addAll(this.#cleans, set.cleans);
      addAll(this.#types, set.types);
    }
  }

  sinksOf(path: string): readonly SinkModel[] {
    return this.#sinks.find(path);
  }

  sourceOf(path: string): SourceModel | undefined {
    return this.#sources.find(path)[0];
  }

  callbackOf(path: string): CallbackModel | undefined {
    return this.#callbacks.find(path)[0];
  }

  cleanOf(path: string): CleanModel | undefined {
    return this.#cleans.find(path)[0];
  }

  /** Type of what a call or field gives, such as `#http.request`. */
  typeOf(path: string): string | undefined {
    return this.#types.find(path).find((model) => model.when === undefined && model.isReceiver !== true)?.type;
  }

  /** All that is known of the type of what a call gives, with its conditions. */
  typesOf(path: string): readonly TypeModel[] {
    return this.#types.find(path);
  }
}
