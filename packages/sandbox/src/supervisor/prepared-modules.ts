import type { PreparedModule } from '../wasm/prepare.js';

const mostModules = 32;

/** The prepared modules of one thread; the least recently used goes first. */
export class PreparedModules {
  readonly #modules = new Map<string, PreparedModule>();

  get(key: string): PreparedModule | undefined {
    const found = this.#modules.get(key);
    if (found !== undefined) {
      this.#modules.delete(key);
      this.#modules.set(key, found);
    }
    return found;
  }

  set(key: string, module: PreparedModule): void {
    this.#modules.delete(key);
    this.#modules.set(key, module);
    if (this.#modules.size > mostModules) {
      const [oldest] = this.#modules.keys();
      if (oldest !== undefined) this.#modules.delete(oldest);
    }
  }
}
