/** What is known is what the steps say, however often a journal is read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { ProgressFileError, parseProgress, renderProgress } from '#store/ledger/file.js';
import { emptyProgress, isLookedUp, type Progress } from '#store/ledger/model.js';
import { applyStep, type Step } from '#store/ledger/steps.js';
import { knowledge, names, sessions, steps } from './arbitrary-steps.js';

function after(...journals: (readonly Step[])[]): Progress {
  const progress = emptyProgress();
  for (const step of journals.flat()) applyStep(progress, step, () => nyse);
  return progress;
}

test('reading a journal twice is reading it once, on whatever stood before', () => {
  fc.assert(
    fc.property(steps, steps, (before, journal) => {
      expect(knowledge(after(before, journal, journal))).toEqual(knowledge(after(before, journal)));
    }),
    { numRuns: 500 },
  );
});

test('a ticker counts as looked up on exactly the days since it was last forgotten', () => {
  fc.assert(
    fc.property(steps, (journal) => {
      const progress = after(journal);
      for (const dataset of ['stocks_daily', 'options_daily']) {
        const model = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
        for (const step of journal) {
          if (step.step === 'looked-up' && step.dataset === dataset) {
            for (const name of step.tickers === '*' ? names : step.tickers)
              for (const day of step.days) model.get(name)?.add(day);
          } else if (step.step === 'forget' && step.dataset === dataset) {
            for (const name of step.tickers) model.get(name)?.clear();
          }
        }
        const known = progress.datasets.get(dataset);
        for (const [name, days] of model) {
          const found = sessions.filter((day) => known !== undefined && isLookedUp(known, name, day));
          expect(found).toEqual([...days].sort());
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('progress.json holds all of it, and is written the same again', () => {
  fc.assert(
    fc.property(steps, (journal) => {
      const progress = after(journal);
      const text = renderProgress(progress);
      const read = parseProgress(text);
      expect(knowledge(read)).toEqual(knowledge(progress));
      expect(renderProgress(parseProgress(renderProgress(read)))).toBe(renderProgress(read));
      // Read, it goes on as the original does.
      for (const step of journal) applyStep(read, step, () => nyse);
      expect(knowledge(read)).toEqual(knowledge(after(journal, journal)));
    }),
    { numRuns: 300 },
  );
});

test('tickers that were looked up together share their ranges, also once read', () => {
  const tickers = Array.from({ length: 100 }, (_, i) => `T${i}`);
  const journal = sessions.map(
    (day): Step => ({ step: 'looked-up', dataset: 'stocks_daily', tickers, days: [day] }),
  );
  const progress = after(journal);
  for (const one of [progress, parseProgress(renderProgress(progress))]) {
    expect(new Set(one.datasets.get('stocks_daily')?.lookups.values()).size).toBe(1);
  }
  expect(renderProgress(progress).length).toBeLessThan(1000);
});

test.each([
  '',
  '[]',
  'null',
  '{',
  '{}',
  '{"schema_version":0,"datasets":{}}',
  '{"schema_version":"1","datasets":{}}',
  '{"schema_version":1}',
  '{"schema_version":1,"source":{"endpoint":"x"},"datasets":{}}',
  '{"schema_version":1,"datasets":{"a":{}}}',
  '{"schema_version":1,"datasets":{"a":{"days":{"2024-13-01":{}},"lookups":[],"every_ticker":{"days":[],"except":[]},"series":{}}}}',
  '{"schema_version":1,"datasets":{"a":{"days":{},"lookups":[{"days":[["2024-01-03","2024-01-02"]],"tickers":[]}],"every_ticker":{"days":[],"except":[]},"series":{}}}}',
  '{"schema_version":1,"datasets":{"a":{"days":{},"lookups":[{"days":[],"tickers":[1]}],"every_ticker":{"days":[],"except":[]},"series":{}}}}',
])('refused, and not as newer: %s', (text) => {
  expect(() => parseProgress(text)).toThrow(
    expect.objectContaining({ name: 'ProgressFileError', newer: false }),
  );
});

test('a newer schema is told apart from damage', () => {
  expect(() => parseProgress('{"schema_version":2,"anything":1}')).toThrow(
    expect.objectContaining({ newer: true }),
  );
  expect(new ProgressFileError('x').newer).toBe(false);
});
