/** A finite decimal number: `integer` has no leading zero unless it is "0", `fraction` no trailing zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly integer: string;
  readonly fraction: string;
}

const form = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The exact value of a JSON number literal, or undefined where the text is none or its exponent is beyond ±2,000.
 * A double is passed as `String(value)`, its shortest decimal form.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const exponent = Number(match[4] ?? '0');
  if (Math.abs(exponent) > 2_000) return undefined;
  let integer = match[2]!;
  let fraction = match[3] ?? '';
  if (exponent > 0) {
    fraction = fraction.padEnd(exponent, '0');
    integer += fraction.slice(0, exponent);
    fraction = fraction.slice(exponent);
  } else if (exponent < 0) {
    integer = integer.padStart(1 - exponent, '0');
    fraction = integer.slice(exponent) + fraction;
    integer = integer.slice(0, exponent);
  }
  integer = integer.replace(/^0+(?=\d)/, '');
  fraction = fraction.replace(/0+$/, '');
  return { negative: match[1] === '-' && (integer !== '0' || fraction !== ''), integer, fraction };
}

/** The number in plain digits, equal for equal values. */
export function printDecimal({ negative, integer, fraction }: Decimal): string {
  return `${negative ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
}
