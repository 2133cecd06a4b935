/** A value that survives a round trip through JSON unchanged. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; a key whose value is `undefined` is treated as absent. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
