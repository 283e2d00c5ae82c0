/**
 * The symbol of an option contract as the Options Clearing Corporation forms it and the vendor writes it:
 * `O:TSLA250117C00200000` is the right to buy (C) Tesla at 200 until 2025-01-17. Read from the right, for the
 * last 15 characters are fixed: yymmdd, C or P, and the strike in thousandths (OCC, Options Symbology
 * Initiative: a root of up to six characters). The vendor's `O:` may be missing.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface OptionSymbol {
  readonly prefix: 'O:' | '';
  /** `TSLA`, or `TSLA1` for contracts that were adjusted after a split or a merger. */
  readonly root: string;
  /** The root without the digits at its end, which count adjustments; one that is all digits stays. */
  readonly underlying: string;
  readonly expiry: IsoDay;
  readonly right: 'C' | 'P';
  /** In dollars, exact: `200`, `62.5`, `0.125`. */
  readonly strike: string;
}

/** Undefined for what is no such symbol. */
export function parseOcc(symbol: string): OptionSymbol | undefined {
  return occAt(Buffer.from(symbol), 0, Buffer.byteLength(symbol));
}

/** The same of the symbol `bytes[start..end)`. */
export function occAt(bytes: Uint8Array, start: number, end: number): OptionSymbol | undefined {
  const rootStart = startOfRoot(bytes, start, end);
  const underlyingEnd = endOfUnderlying(bytes, start, end);
  if (underlyingEnd === -1) return undefined;
  const fixed = end - FIXED;
  const digits = textOf(bytes, fixed, end);
  return {
    prefix: rootStart === start ? '' : 'O:',
    root: textOf(bytes, rootStart, fixed),
    underlying: textOf(bytes, rootStart, underlyingEnd),
    expiry: `20${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`,
    right: digits.charAt(6) === 'C' ? 'C' : 'P',
    strike: strikeOf(digits.slice(7)),
  };
}

/** The inverse of `parseOcc`. RangeError for what no symbol can say. */
export function renderOcc({ prefix, root, expiry, right, strike }: Omit<OptionSymbol, 'underlying'>): string {
  const [dollars = '', thousandths = ''] = strike.split('.');
  const symbol = `${prefix}${root}${expiry.slice(2).replaceAll('-', '')}${right}${dollars.padStart(5, '0')}${thousandths.padEnd(3, '0')}`;
  const read = parseOcc(symbol);
  if (read?.root !== root || read.expiry !== expiry || read.strike !== strike)
    throw new RangeError(`no option symbol has root ${root}, expiry ${expiry} and strike ${strike}`);
  return symbol;
}

/** Where the root begins: behind `O:`. */
export function startOfRoot(bytes: Uint8Array, start: number, end: number): number {
  return end - start > 2 && bytes[start] === LETTER_O && bytes[start + 1] === COLON ? start + 2 : start;
}

/**
 * Where the underlying's name ends, which begins with the root; -1 for what is no symbol. Makes nothing: for
 * every record of a day.
 */
export function endOfUnderlying(bytes: Uint8Array, start: number, end: number): number {
  const from = startOfRoot(bytes, start, end);
  const fixed = end - FIXED;
  if (fixed <= from || fixed - from > LONGEST_ROOT) return -1;
  for (let i = from; i < fixed; i++) if (!isDigit(bytes, i) && !isCapital(bytes, i)) return -1;
  for (let i = fixed; i < end; i++) if (i !== fixed + 6 && !isDigit(bytes, i)) return -1;
  const right = bytes[fixed + 6];
  if (right !== LETTER_C && right !== LETTER_P) return -1;
  if (!isDayOfMonth(twoDigits(bytes, fixed), twoDigits(bytes, fixed + 2), twoDigits(bytes, fixed + 4)))
    return -1;
  let last = fixed;
  while (last > from && isDigit(bytes, last - 1)) last--;
  return last === from ? fixed : last;
}

/**
 * Every contract of `underlying` lies in `from` <= symbol < `to`, by bytes, in the vendor's order: behind its
 * name stands a digit, and a longer name has a letter there. Other roots may lie there too (`AB1CD` among
 * those of `AB`).
 */
export function contractsOf(underlying: string): { readonly from: string; readonly to: string } {
  return { from: `O:${underlying}0`, to: `O:${underlying}:` };
}

/** What `writeContract` never exceeds. */
export const MOST_CONTRACT_BYTES = 48;

/**
 * Writes `TSLA250117C00200000,2025-01-17,C,200` at `at`, where there must be MOST_CONTRACT_BYTES of room: the
 * symbol without `O:`, expiry, right and strike. Returns its end, or -1, with nothing written, for what is no
 * symbol.
 */
export function writeContract(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  if (endOfUnderlying(bytes, start, end) === -1) return -1;
  const fixed = end - FIXED;
  let to = copy(bytes, startOfRoot(bytes, start, end), end, target, at);
  target[to++] = COMMA;
  target[to++] = ZERO + 2;
  target[to++] = ZERO;
  to = copy(bytes, fixed, fixed + 2, target, to);
  target[to++] = HYPHEN;
  to = copy(bytes, fixed + 2, fixed + 4, target, to);
  target[to++] = HYPHEN;
  to = copy(bytes, fixed + 4, fixed + 6, target, to);
  target[to++] = COMMA;
  to = copy(bytes, fixed + 6, fixed + 7, target, to);
  target[to++] = COMMA;
  const point = end - 3;
  let first = fixed + 7;
  while (first < point - 1 && bytes[first] === ZERO) first++;
  let last = end;
  while (last > point && bytes[last - 1] === ZERO) last--;
  to = copy(bytes, first, point, target, to);
  if (last === point) return to;
  target[to++] = POINT;
  return copy(bytes, point, last, target, to);
}

/** Of eight digits. */
function strikeOf(digits: string): string {
  const dollars = digits.slice(0, 5).replace(/^0{1,4}/, '');
  const thousandths = digits.slice(5).replace(/0+$/, '');
  return thousandths === '' ? dollars : `${dollars}.${thousandths}`;
}

function copy(bytes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let to = at;
  for (let i = start; i < end; i++) target[to++] = bytes[i] as number;
  return to;
}

/** Of the years 2000 to 2099. */
function isDayOfMonth(year: number, month: number, day: number): boolean {
  const length = month === 2 && year % 4 === 0 ? 29 : MONTH_LENGTHS[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - ZERO) * 10 + (bytes[at + 1] as number) - ZERO;
}

function isDigit(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  return byte >= ZERO && byte <= ZERO + 9;
}

function isCapital(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  return byte >= 65 && byte <= 90;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);
}

const FIXED = 15;
const LONGEST_ROOT = 6;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const COMMA = 44;
const HYPHEN = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const LETTER_C = 67;
const LETTER_O = 79;
const LETTER_P = 80;
