/**
 * The rows that nearly all are: the ticker and period of the row before, eight digits, no time of day, plain
 * decimals, one CRLF or LF. Read in one pass; whatever looks different is left to the patient way, which must
 * find the same in these.
 */

/** Open, high, low, close and volume of the row at hand: kept from row to row. */
export const values = new Float64Array(5);

const [LF, CR, COMMA, ZERO, POINT] = [10, 13, 44, 48, 46];
const DATE_LENGTH = 8;
const TIME = Buffer.from(',000000,');
/** So many digits are below 2^53, and the quotient of two exact numbers is the nearest to the decimal. */
const EXACT_LENGTH = 15;
const POWERS = Float64Array.from({ length: EXACT_LENGTH + 1 }, (_, n) => 10 ** n);

/**
 * Where the row's line feed is, and its numbers in `values`; 0 where the row is not of this form. `known`:
 * where a row begins whose first `length` bytes this one has to share, up to the comma before its date.
 */
export function plainRow(bytes: Uint8Array, from: number, known: number, length: number): number {
  if (length === 0) return 0;
  for (let i = 0; i < length; i++) if (bytes[from + i] !== bytes[known + i]) return 0;
  let at = from + length;
  for (const end = at + DATE_LENGTH; at < end; at++) if (!isDigit(bytes[at] as number)) return 0;
  for (let i = 0; i < TIME.length; i++, at++) if (bytes[at] !== TIME[i]) return 0;
  for (let field = 0; field < values.length; field++) {
    const begin = at;
    let [value, point] = [0, 0];
    for (; ; at++) {
      const byte = bytes[at] as number;
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (byte === POINT && point === 0) point = at + 1;
      else if (byte === COMMA) break;
      else return 0;
    }
    const digits = at - begin - (point === 0 ? 0 : 1);
    if (digits === 0 || digits > EXACT_LENGTH) return 0;
    values[field] = point === 0 ? value : value / (POWERS[at - point] as number);
    at++;
  }
  while (isDigit(bytes[at] as number)) at++;
  if (bytes[at] === CR) at++;
  return bytes[at] === LF ? at : 0;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}
