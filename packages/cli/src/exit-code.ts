/** What the exit codes of every command mean. */
export const exitCode = {
  /** Done; and where a verdict was asked for, it is good and complete. */
  ok: 0,
  /** The verdict is bad: findings, a trap, a refused or failed call, tampering. */
  bad: 1,
  /** The command line was wrong; nothing was done. */
  usage: 2,
  /** Something was not looked at, so there is no good verdict. */
  incomplete: 3,
  /** Trocar itself failed in a way that it did not expect. */
  failure: 70,
  /** Interrupted by the user. */
  interrupted: 130,
} as const;

/** One of the values of {@link exitCode}. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
