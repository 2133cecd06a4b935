/**
 * Fuel and stack depth live in one 64-bit word, so that one load, one subtraction and one store serve both.
 *
 * Bits 16 to 62 are the fuel, bit 63 turns on when it is used up; bits 0 to 14 are the free stack units, bit 15 turns
 * on when they are used up.
 */
export const fuelScale = 65_536;

/** The word that grants `fuelUnits` and `stackDepth`. */
export function toFuelWord(fuelUnits: number, stackDepth: number): bigint {
  return BigInt(fuelUnits) * 65_536n + BigInt(stackDepth);
}

/** What is left according to `word`; both numbers are negative when more was charged than granted. */
export function fromFuelWord(word: bigint): { readonly fuelUnits: number; readonly stackDepth: number } {
  const stackDepth = Number(BigInt.asIntN(16, word));
  return { fuelUnits: Number((word - BigInt(stackDepth)) / 65_536n), stackDepth };
}
