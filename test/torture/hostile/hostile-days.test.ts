/**
 * Day files that no vendor should write, spoilt in thousands of ways: each is read exactly as csv-parse reads
 * it, or refused by both.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { newQuickTaker } from '#market/records/quick-take.js';
import { takeRows } from '#market/records/take-rows.js';
import { newPacker } from '#market/records/taken-rows.js';
import { rounds, SEED, scaled, technique } from '../technique.js';
import { CORPUS, difference, hostileTexts, ownRows, refereeRows, rowsOf } from './hostile-referee.js';

const t = technique('hostile day files: splitter');
const RUNS = rounds(4000, 150_000);
const TIMEOUT = scaled(300_000, 7_200_000);

test('every file of the corpus, and every beginning of it', { timeout: TIMEOUT }, () =>
  t.attempt('corpus', () => {
    for (const [n, latin1] of CORPUS.entries()) {
      const text = Buffer.from(latin1, 'latin1');
      const step = scaled(7, 1);
      for (let end = text.length; end >= 0; end -= step) {
        t.tried(1);
        const part = text.subarray(0, end);
        expect(difference(ownRows(part), refereeRows(part)), `file ${n}, ${end} bytes`).toBeUndefined();
      }
    }
  }),
);

test('files spoilt at random', { timeout: TIMEOUT }, () =>
  t.attempt('mutation', () =>
    fc.assert(
      fc.property(hostileTexts, (text) => {
        t.tried(1);
        t.injected(1);
        expect(difference(ownRows(text), refereeRows(text))).toBeUndefined();
      }),
      { seed: SEED, numRuns: RUNS },
    ),
  ),
);

test(
  'searching the bytes for a ticker, one that holds commas too, finds what the index finds',
  { timeout: TIMEOUT },
  () =>
    t.attempt('quick', () =>
      fc.assert(
        fc.property(hostileTexts, (text) => {
          t.tried(1);
          const found = searched(text);
          if (found !== undefined) expect(difference(found.own, found.index)).toBeUndefined();
        }),
        { seed: SEED, numRuns: RUNS },
      ),
    ),
);

/**
 * Each record's ticker, and its first two and three fields as if they were one. Undefined where the quick way
 * would not be gone.
 */
function searched(text: Buffer) {
  if (ownRows(text) === 'refused') return undefined;
  const index = indexDay(text);
  const quick = newQuickTaker();
  const header = text.subarray(0, index.headerEnd);
  const body = text.subarray(index.headerEnd);
  if (!quick.knows(header) || !quick.isPlain(body)) return undefined;
  const names = new Set(['', 'A', 'AA']);
  for (const line of body.toString('latin1').split('\n').slice(0, 20)) {
    const fields = line.split(',');
    for (const many of [1, 2, 3]) names.add(fields.slice(0, many).join(','));
  }
  const wanted = [...names].map((name) => Buffer.from(name, 'latin1')).sort(Buffer.compare);
  const packer = newPacker(1);
  for (const name of wanted) quick.take(body, name, packer);
  return { own: rowsOf(packer.finish()), index: rowsOf(takeRows(index, wanted, stocksDaily, '2024-01-02')) };
}
