/**
 * A market of which every number is known: eight tickers, a few weeks, each day in as many versions as the
 * vendor likes. All that the model compares with comes from here; nothing of it is the program's.
 */
import { gzipSync } from 'node:zlib';
import { HEADER } from '../../support/workdir.js';

export type Day = string;
/** `Open,High,Low,Close,Volume`, as a series has it. */
export type Values = string;

/** Sessions of two months, 2024-05-27 (a holiday) left out. The last ones come as the clock goes on. */
export const SESSIONS: readonly Day[] = [
  '2024-05-21', '2024-05-22', '2024-05-23', '2024-05-24', '2024-05-28', '2024-05-29', '2024-05-30', '2024-05-31',
  '2024-06-03', '2024-06-04', '2024-06-05', '2024-06-06', '2024-06-07', '2024-06-10', '2024-06-11', '2024-06-12', '2024-06-13',
]; // biome-ignore format: a list

/** In the order of their bytes, with the names of their files. */
export const FILE_STEMS: Readonly<Record<string, string>> = {
  AAPL: 'AAPL',
  BAPA: 'BAPA',
  BApA: 'BA_pA',
  GONE: 'GONE',
  LATE: 'LATE',
  NA: 'NA',
  'NE.WS': 'NE.WS',
  THIN: 'THIN',
};
export const TICKERS: readonly string[] = Object.keys(FILE_STEMS);

/** Noon in New York on the session behind `day`'s: its file is due, and not overdue. */
export function dueAt(day: Day): number {
  return Date.parse(`${day}T15:00:00Z`) + 24 * 3_600_000;
}

export function overdueAt(day: Day): number {
  return dueAt(day) + 24 * 3_600_000;
}

interface Bar {
  readonly vendor: string;
  readonly series: Values;
}

/** Undefined where the ticker has no bar in that version of the day. */
function barOf(ticker: string, day: Day, version: number): Bar | undefined {
  const d = SESSIONS.indexOf(day);
  const t = TICKERS.indexOf(ticker);
  if (t < 0 || d < 0) return undefined;
  if (ticker === 'GONE' && d > 7) return undefined;
  if (ticker === 'LATE' && d < 6) return undefined;
  if (ticker === 'THIN' && (d + version) % 2 === 1) return undefined;
  // Half of the market is not touched by a correction.
  const corrected = t % 2 === 0 ? version : 0;
  const open = 1000 + 100 * t + 10 * d + corrected;
  const volume = 500 + 10 * t + d;
  const price = (cents: number): string =>
    `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  const plain = (cents: number): string => price(cents).replace(/\.?0+$/, '');
  const [o, h, l, c] = [open, open + 100, open - 100, open + 50] as const;
  // Either form of the vendor's numbers.
  const form = d % 2 === 0 ? plain : (cents: number) => `${price(cents)}0000`;
  return {
    vendor: `${ticker},${volume},${form(o)},${form(c)},${form(h)},${form(l)},1718251200000000000,7\n`,
    series: `${plain(o)},${plain(h)},${plain(l)},${plain(c)},${volume}`,
  };
}

export function bar(ticker: string, day: Day, version: number): Values | undefined {
  return barOf(ticker, day, version)?.series;
}

/** As the archive has it: in the order of the tickers. */
export function marketText(day: Day, version: number): string {
  return HEADER + TICKERS.map((ticker) => barOf(ticker, day, version)?.vendor ?? '').join('');
}

/** Some versions are not sorted, as the vendor's samples are not. */
export function dayObject(day: Day, version: number, level = 6): Uint8Array {
  if (version % 3 !== 1) return gzipSync(marketText(day, version), { level });
  const lines = TICKERS.map((ticker) => barOf(ticker, day, version)?.vendor ?? '').reverse();
  return gzipSync(HEADER + lines.join(''), { level });
}

/** The version whose text this is; undefined where it is none's. */
export function versionOf(day: Day, text: string, upTo: number): number | undefined {
  for (let version = upTo; version >= 0; version--) if (marketText(day, version) === text) return version;
  return undefined;
}
