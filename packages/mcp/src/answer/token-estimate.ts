// Measured with o200k_base on answers about JavaScript and Python code: 3.2 to 4.1 bytes a token. The smaller figure
// is used, so that a promised bound holds.
const bytesPerToken = 3.2;

/** About how many tokens a text costs a model; rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}
