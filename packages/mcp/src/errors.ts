import { TrocarError } from '@trocar/core';

/** Why a server could not be started. */
export type McpErrorCode = 'token-too-short' | 'address-in-use' | 'listen-failed';

/** A server that was not started. */
export class McpError extends TrocarError<McpErrorCode> {}
