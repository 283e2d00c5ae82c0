/** Steps as runs record them, with tickers that trouble a careless reader. */
import fc from 'fast-check';
import { nyse } from '#market/calendar/nyse.js';
import { isLookedUp, type Progress } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';

export const sessions = nyse.sessions('2024-12-16', '2025-01-10');
export const names = [
  'A',
  'BApA',
  'BAPA',
  'NA',
  '__proto__',
  'constructor',
  '123',
  '7',
  'É',
  'a"b\n',
  '',
] as const;

const dataset = fc.constantFrom('stocks_daily', 'options_daily');
const day = fc.constantFrom(...sessions);
const ticker = fc.constantFrom(...names);
const stamp = fc.record({ size: fc.nat(), mtimeMs: fc.nat() });
const byTicker = <T>(value: fc.Arbitrary<T>) =>
  fc
    .array(fc.tuple(ticker, value), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as Record<string, T>);

const record = fc.record(
  {
    size: fc.nat(),
    etag: fc.string(),
    last_modified: fc.constant('2024-12-17T16:00:00.000Z'),
    rows: fc.nat(),
    text_sha256: fc.constant('ab'.repeat(32)),
    archive: stamp,
    correct: byTicker(fc.option(fc.constant('1,2,1,2,100'))),
    problem: fc.record({ state: fc.constantFrom('denied', 'failed'), reason: fc.string() }),
    pruned: fc.boolean(),
  },
  { requiredKeys: [] },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    step: fc.constant('source'),
    source: fc.record({ endpoint: fc.string(), bucket: fc.string() }),
  }),
  fc.record({ step: fc.constant('day'), dataset, day, record }),
  fc.record({
    step: fc.constant('looked-up'),
    dataset,
    tickers: fc.oneof(fc.constant('*' as const), fc.uniqueArray(ticker, { maxLength: 5 })),
    days: fc.array(day, { maxLength: 5 }),
  }),
  fc.record({
    step: fc.constant('series'),
    dataset,
    files: byTicker(fc.record({ size: fc.nat(), mtimeMs: fc.nat(), seen: fc.boolean() })),
  }),
  fc.record({ step: fc.constant('forget'), dataset, tickers: fc.array(ticker, { maxLength: 4 }) }),
) as fc.Arbitrary<Step>;

export const steps = fc.array(step, { maxLength: 25 });

/** What a run can learn from it: days, series, source, and which ticker was looked up when. In one order. */
export function knowledge(progress: Progress) {
  const inOrder = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    source: progress.source,
    datasets: inOrder(progress.datasets).map(([name, known]) => ({
      name,
      days: inOrder(known.days),
      series: inOrder(known.series),
      lookedUp: names.map((one) => sessions.filter((session) => isLookedUp(known, one, session))),
      others: sessions.filter((session) => isLookedUp(known, 'never named', session)),
    })),
  };
}
