import { TrocarError } from '@trocar/core';

/** A command line that cannot be understood; ends the command with exit code 2. */
export class UsageError extends TrocarError<'usage'> {
  constructor(message: string) {
    super('usage', message);
  }
}
