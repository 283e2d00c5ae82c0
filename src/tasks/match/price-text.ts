/**
 * The rows of a price file in the forms in which it is written, out of rows that judging has moved together.
 */
import type { PriceFormat } from './request.js';

/** Of the documented form; the rows behind it are the archive's own. */
export const STOOQ_HEADER = Buffer.from('ticker,per,date,time,open,high,low,close,volume,openint\n');
const YFINANCE_HEADER = 'Date,Open,High,Low,Close,Volume\n';

/** `bytes`: room for the header, then the rows up to `end`. */
export function priceText(bytes: Uint8Array, end: number, format: PriceFormat): Uint8Array {
  if (format === 'yfinance') return Buffer.from(yfinanceText(bytes, end));
  bytes.set(STOOQ_HEADER);
  return bytes.subarray(0, end);
}

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)$/;

/**
 * As data_cache has it: a line a day, ascending, the last one of a day; rows that are no bars are left out.
 */
function yfinanceText(bytes: Uint8Array, end: number): string {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset + STOOQ_HEADER.length, end - STOOQ_HEADER.length)
    .toString('latin1')
    .split('\n');
  const days = new Map<string, string>();
  let isAscending = true;
  let last = '';
  for (const line of lines) {
    const [, , date = '', , ...numbers] = line.split(',');
    const cells = numbers.slice(0, 5);
    if (!/^\d{8}$/.test(date) || cells.length < 5 || !cells.every((cell) => NUMBER.test(cell))) continue;
    const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    if (day <= last) isAscending = false;
    last = day;
    days.set(day, `${day},${cells.map(withoutZeros).join(',')}\n`);
  }
  const texts = isAscending
    ? [...days.values()]
    : [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return YFINANCE_HEADER + texts.join('');
}

/** `8205.0` is 8205, as in every series. */
function withoutZeros(cell: string): string {
  return cell.includes('.') ? cell.replace(/\.?0+$/, '') : cell;
}
