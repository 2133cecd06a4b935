import { TrocarError } from '@trocar/core';

/** Every way in which this package refuses; stable, for `switch`. */
export type DecodingErrorCode =
  | 'invalid-schema'
  | 'unsupported-keyword'
  | 'unsatisfiable-schema'
  | 'reference-not-found'
  | 'reference-loop'
  | 'invalid-pattern'
  | 'unsupported-pattern'
  | 'invalid-grammar'
  | 'invalid-vocabulary'
  | 'token-not-allowed'
  | 'already-complete'
  | 'invalid-argument'
  | 'limit-exceeded';

/** Facts that go with a refusal: where in the schema, pattern or grammar, and which limit. */
export interface DecodingErrorDetails {
  /** JSON pointer into the schema. */
  readonly pointer?: string;
  /** Offset in UTF-16 units into a pattern or grammar. */
  readonly offset?: number;
  /** The limit of {@link DecodingLimits} that was reached. */
  readonly limit?: string;
  /** The keyword or construct that is refused. */
  readonly keyword?: string;
}

/** What this package throws on purpose; `data` carries {@link DecodingErrorDetails}. */
export class DecodingError extends TrocarError<DecodingErrorCode> {
  constructor(code: DecodingErrorCode, message: string, details: DecodingErrorDetails = {}) {
    super(code, message, { data: { ...details } });
  }
}
