/** The first entry that cannot be trusted. Fields are null where the damage leaves no way to tell. */
export interface BadEntry {
  readonly run: string | null;
  /** Its place in the run, from 0. */
  readonly seq: number | null;
  /** Its place in the journal, from 0. */
  readonly index: number | null;
  readonly reason: string;
}

/** The verdict on a journal. `ok: false` always comes with `firstBad`. */
export type JournalVerdict =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly entries: number; readonly firstBad: BadEntry };

/** What to verify, and against which key. */
export interface VerifyOptions {
  readonly path: string;
  /** The journal's public key in C2SP verifier form, as `Engine.publicKey` gives it. */
  readonly publicKey: string;
  /** Checkpoints kept outside the database: shows a cut tail, and a rewrite by the key's own holder. */
  readonly witnessPath?: string;
  /** Judge only this run (and the log around it). */
  readonly run?: string;
}
