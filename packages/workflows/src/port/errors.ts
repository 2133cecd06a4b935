import { TrocarError } from '@trocar/core';

/** Why the port could not do what a face asked for. */
export type PortErrorCode = 'nothing-to-decide' | 'not-this-workflow' | 'no-journal' | 'run-stuck';

/** A request that does not fit the run it names. */
export class PortError extends TrocarError<PortErrorCode> {}
