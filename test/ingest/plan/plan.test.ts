/**
 * What is asked of the vendor and what is fetched follows from what is here: nothing twice, nothing that is
 * still due too late.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LocalDay, localDays } from '#ingest/plan/local-days.js';
import { monthsToList, type PlanContext, planDays } from '#ingest/plan/plan.js';
import { tickersToLookUp } from '#ingest/plan/to-look-up.js';
import { stocksDaily } from '#market/datasets/all.js';
import { withDays } from '#store/ledger/day-ranges.js';
import {
  type DatasetProgress,
  type DayRecord,
  datasetProgress,
  emptyProgress,
  isLookedUp,
} from '#store/ledger/model.js';

const { calendar } = stocksDaily;
const OLD = '2024-05-15';
const RECENT = '2024-06-27';
const context: PlanContext = {
  dataset: stocksDaily,
  wishes: { archive: true, series: true, force: false },
  recheck: false,
  today: '2024-06-28',
  overdueUntil: '2024-06-26',
};

const nothing: Omit<LocalDay, 'day'> = {
  record: undefined,
  copy: undefined,
  recorded: false,
  toLookUp: ['AAPL'],
  seriesDone: false,
};
const stamp = { size: 90, mtimeMs: Date.parse('2024-06-28T12:00:00Z') };
const uploaded = '2024-06-28T11:00:00.000Z';
const record: DayRecord = { size: 70, etag: 'a', last_modified: uploaded, archive: stamp };
const complete = { ...nothing, record, copy: stamp, recorded: true, toLookUp: [], seriesDone: true };
const listed = { key: 'k', size: 70, etag: 'a', lastModified: new Date(uploaded) };

/** A plan of one day: its state and action, and whether a record is made of our copy. */
function planOf(local: LocalDay, object: typeof listed | 'none' | 'month not listed', within = context) {
  const month = new Map(typeof object === 'object' ? [[local.day, object]] : []);
  const listings = new Map(object === 'month not listed' ? [] : [[local.day.slice(0, 7), month]]);
  const [planned] = planDays([local], listings, within);
  return planned && [planned.state, planned.action, planned.adopt !== undefined];
}

describe('which months are listed', () => {
  it.each<[string, Partial<LocalDay>, Partial<PlanContext>, readonly string[]]>([
    ['an old day that is complete', { day: OLD, ...complete }, {}, []],
    ['an old day that is not here', { day: OLD, ...nothing }, {}, ['2024-05']],
    [
      'an old day with its copy, whose tickers are to be looked up',
      { day: OLD, ...complete, toLookUp: ['A'], seriesDone: false },
      {},
      [],
    ],
    ['an old day whose copy somebody changed', { day: OLD, ...complete, recorded: false }, {}, ['2024-05']],
    ['a day that may still be replaced', { day: RECENT, ...complete }, {}, ['2024-06']],
    ['a complete day that is rechecked', { day: OLD, ...complete }, { recheck: true }, ['2024-05']],
    [
      'a complete day that is forced',
      { day: OLD, ...complete },
      { wishes: { ...context.wishes, force: true } },
      ['2024-05'],
    ],
    ['a day removed on purpose', { day: OLD, ...nothing, record: { pruned: true } }, {}, []],
    [
      'one that is wanted again',
      { day: OLD, ...nothing, record: { pruned: true } },
      { wishes: { ...context.wishes, pruned: true } },
      ['2024-05'],
    ],
    ['tomorrow', { day: '2024-07-01', ...nothing }, {}, []],
  ])('%s', (_what, local, changes, months) => {
    expect(monthsToList([local as LocalDay], { ...context, ...changes })).toEqual(months);
  });
});

describe('what becomes of a day', () => {
  const day = RECENT;
  it.each<[string, LocalDay, Parameters<typeof planOf>[1], readonly unknown[]]>([
    ['complete', { day, ...complete }, listed, ['done', 'none', false]],
    [
      'replaced by the vendor since',
      { day, ...complete },
      { ...listed, etag: 'b' },
      ['available', 'fetch', false],
    ],
    ['not here', { day, ...nothing }, listed, ['available', 'fetch', false]],
    [
      'a new ticker, the copy is current',
      { day, ...complete, toLookUp: ['A'], seriesDone: false },
      listed,
      ['available', 'archive', false],
    ],
    [
      'a copy that nothing is known of, newer than the upload',
      { day, ...nothing, copy: stamp },
      listed,
      ['available', 'archive', true],
    ],
    [
      'a copy that nothing is known of, older than the upload',
      { day, ...nothing, copy: { ...stamp, mtimeMs: 0 } },
      listed,
      ['available', 'fetch', false],
    ],
    [
      'denied before',
      { day, ...nothing, record: { problem: { state: 'denied', reason: '' } } },
      listed,
      ['denied', 'probe', false],
    ],
    ['not listed, and not yet overdue', { day, ...nothing }, 'none', ['pending', 'none', false]],
    ['not listed, and overdue', { day: OLD, ...nothing }, 'none', ['missing', 'none', false]],
    ['no longer listed, and complete', { day, ...complete }, 'none', ['done', 'none', false]],
    ['the listing failed', { day, ...nothing }, 'month not listed', ['available', 'none', false]],
    ['still to come', { day: '2024-07-01', ...nothing }, 'month not listed', ['pending', 'none', false]],
  ])('%s', (_what, local, object, planned) => {
    expect(planOf(local, object)).toEqual(planned);
  });

  it('a day that is no session is in the plan only where the vendor lists it', () => {
    const saturday = '2024-06-01';
    if (calendar.isSession(saturday)) return;
    expect(planOf({ day: saturday, ...nothing }, 'none')).toBeUndefined();
    expect(planOf({ day: saturday, ...nothing }, listed)).toEqual(['available', 'fetch', false]);
  });
});

describe('which tickers have yet to be looked up', () => {
  const days = calendar.sessions('2024-06-03', '2024-06-14');
  const tickers = ['A', 'B', 'C', 'D', 'E'];
  const someDays = fc.subarray([...days]);
  const known = fc
    .record({
      own: fc.dictionary(fc.constantFrom(...tickers), someDays),
      every: someDays,
      exceptions: fc.subarray(tickers),
    })
    .map(({ own, every, exceptions }): DatasetProgress => {
      const progress = datasetProgress(emptyProgress(), 'any');
      for (const [ticker, on] of Object.entries(own))
        progress.lookups.set(ticker, withDays([], on, calendar.isSession));
      progress.everyTicker = withDays([], every, calendar.isSession);
      for (const ticker of exceptions) progress.exceptions.add(ticker);
      return progress;
    });

  it('exactly those that were not, day by day', () => {
    fc.assert(
      fc.property(known, fc.subarray(tickers), (progress, wanted) => {
        const toLookUp = tickersToLookUp(progress, wanted);
        const local = localDays({
          days,
          isSession: calendar.isSession,
          known: progress,
          wanted,
          copyOf: () => undefined,
          looksWhole: () => true,
        });
        for (const [i, day] of days.entries()) {
          const expected = wanted.filter((ticker) => !isLookedUp(progress, ticker, day));
          expect([...toLookUp(day)].sort()).toEqual(expected);
          expect([...(local[i]?.toLookUp ?? '?')].sort()).toEqual(expected);
          expect(local[i]?.seriesDone).toBe(expected.length === 0);
        }
      }),
    );
  });

  it('a correction that an earlier run did not finish keeps a day open for its ticker alone', () => {
    const progress = datasetProgress(emptyProgress(), 'any');
    progress.everyTicker = withDays([], days, calendar.isSession);
    const [day = ''] = days;
    progress.days.set(day, { correct: { A: null } });
    const isDone = (wanted: readonly string[]): boolean | undefined =>
      localDays({
        days: [day],
        isSession: calendar.isSession,
        known: progress,
        wanted,
        copyOf: () => undefined,
        looksWhole: () => true,
      })[0]?.seriesDone;
    expect([isDone(['A']), isDone(['B'])]).toEqual([false, true]);
  });
});

it('a copy whose end looks cut off counts only while it is as it was recorded', () => {
  const known = datasetProgress(emptyProgress(), 'any');
  const [recorded, changed] = ['2024-06-03', '2024-06-04'];
  known.days.set(recorded, record);
  known.days.set(changed, { ...record, archive: { ...stamp, size: 1 } });
  const copyOf = (): typeof stamp => stamp;
  const local = localDays({
    days: [recorded, changed],
    isSession: () => true,
    known,
    wanted: [],
    copyOf,
    looksWhole: () => false,
  });
  expect(local.map(({ copy }) => copy)).toEqual([stamp, undefined]);
});
