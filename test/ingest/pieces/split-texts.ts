/** Day texts for tests of splitting, and splitDay in this thread. Text is Latin-1, a character a byte. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { workPiece } from '#ingest/pieces/piece-work.js';
import { sortRuns } from '#ingest/pieces/sort-runs.js';
import { type SplitDay, type SplitOptions, splitDay } from '#ingest/pieces/split-day.js';
import { minuteBarsOf } from '#market/datasets/common.js';
import type { DayRules, MemberForm } from '#market/datasets/dataset.js';

export const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions';
export const MEMBERS: MemberForm = { textBytes: 400, search: 'everywhere' };
export const DAY = '2026-10-01';
export const rules: DayRules = {
  maxTextBytes: 64 << 20,
  maxObjectBytes: 64 << 20,
  maxRecords: 1_000_000,
  records: 'bars',
  series: minuteBarsOf('', { timeZone: 'America/New_York' }),
};
const MIDNIGHT = Date.UTC(2026, 9, 1, 4) / 1000;
export const window = { from: MIDNIGHT, to: MIDNIGHT + 86_400 };

export function stampOf(minute: number): string {
  return `${MIDNIGHT + minute * 60}000000000`;
}

const ticker = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('A', 'AA', 'AAPL', 'AB', 'BCPC', 'BCpC', 'SPY', 'Z') },
  fc.constantFrom('"A"', '"A,B"', '"C""D"', 'E"F', '"two\nlines"', '5"', 'B\xc3\xa9', ''),
);
const tail = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('7', '', '"12,37"') },
  fc.constantFrom('"a\nb"', '"\r\n"', '"x""y"', 'x"', '"q"z'),
  fc.nat({ max: 300 }).map((n) => '9'.repeat(n)),
  fc.nat({ max: 200 }).map((n) => `"${'l\n'.repeat(n)}"`),
);
const record = fc
  .tuple(ticker, fc.nat({ max: 959 }), fc.integer({ min: 1, max: 99 }), tail)
  .map(
    ([name, minute, price, end]) => `${name},5,${price},${price},${price},${price},${stampOf(minute)},${end}`,
  );
const lineEnd = fc.oneof(
  { weight: 8, arbitrary: fc.constant('\n') },
  fc.constantFrom('\r\n', '\n\n', '\n\r\n', '\r\n\n'),
);

/**
 * Any day: quotes with line ends in them, blank lines, a byte order mark, no last line end, long records; in
 * order, in runs, or in none.
 */
export const dayTexts: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom('', '', '\xef\xbb\xbf', '\n', '\xef\xbb\xbf\r\n\n'),
    fc.constantFrom(HEADER, HEADER, '"ticker",volume,open,close,high,low,window_start,"n\nm"'),
    fc.array(record, { minLength: 1, maxLength: 60 }),
    fc.constantFrom('sorted', 'runs', 'none'),
    fc.array(lineEnd, { minLength: 61, maxLength: 61 }),
    fc.boolean(),
  )
  .map(([before, header, records, order, ends, isCut]) => {
    const sorted = (some: readonly string[]) => some.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const half = records.length >> 1;
    const placed =
      order === 'sorted'
        ? sorted(records)
        : order === 'runs'
          ? [...sorted(records.slice(0, half)), ...sorted(records.slice(half))]
          : records;
    const text = `${before}${header}${ends[60]}${placed.map((one, i) => one + ends[i]).join('')}`;
    return Buffer.from(isCut ? text.replace(/[\r\n]+$/, '') : text, 'latin1');
  });

/** The ticker of a record of ours, unquoted; Latin-1, so that its order is that of the bytes. */
function keyOf(line: string): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(line);
  return quoted === null ? (line.split(',')[0] ?? '') : (quoted[1] ?? '').replaceAll('""', '"');
}

export interface Split extends SplitDay {
  readonly folder: string;
}

/** Whatever `use` does: no file of it stays. */
export async function withSplit<T>(
  text: Uint8Array,
  options: Partial<SplitOptions>,
  use: (split: Split) => T | Promise<T>,
  body: AsyncIterable<Uint8Array> = chunksOf(gzipSync(text, { level: 1 })),
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'barloom-split-'));
  try {
    const split = await splitDay(body, {
      file: path.join(folder, `${DAY}.csv.gz`),
      rules,
      memberForm: MEMBERS,
      window,
      runPiece: async (job) => workPiece(job),
      runSort: async (job) => sortRuns(job),
      atOnce: 2,
      ...options,
    });
    return await use({ ...split, folder });
  } finally {
    left.push(...readdirSync(folder));
    rmSync(folder, { recursive: true });
  }
}

/** Names that the last calls of `withSplit` left. */
export const left: string[] = [];

export async function* chunksOf(bytes: Uint8Array, size = 777): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
