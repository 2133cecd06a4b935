import { TrocarError } from '@trocar/core';

/**
 * What the code engine throws: `grammar-mismatch` where a vendored grammar is not the one recorded, `not-initialised`
 * where a language is parsed before {@link initSyntax}, `folder-unreadable` where a folder cannot be opened at all.
 */
export class CodeError extends TrocarError<'grammar-mismatch' | 'not-initialised' | 'folder-unreadable'> {}
