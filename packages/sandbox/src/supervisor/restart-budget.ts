const windowMs = 60_000;

/** Counts how many workers had to be replaced lately, so that guests who kill theirs cannot keep the host busy. */
export class RestartBudget {
  readonly #perMinute: number;
  #times: number[] = [];

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Notes one replacement at `nowMs`. Returns whether it was within the budget. */
  spend(nowMs: number): boolean {
    this.#times = this.#times.filter((time) => time > nowMs - windowMs);
    this.#times.push(nowMs);
    return this.#times.length <= this.#perMinute;
  }
}
