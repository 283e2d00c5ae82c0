/**
 * The state of each session as the folder itself tells it: the truth table line by line, and what holds for
 * any folder.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { stocksDaily } from '#market/datasets/all.js';
import { type DatasetProgress, type DayRecord, datasetProgress, emptyProgress } from '#store/ledger/model.js';
import { type CoverFacts, coverDays, coveredRange, isHole } from '#tasks/coverage/cover.js';

/** A Friday noon in New York: Wednesday is overdue, Thursday is due. */
const now = new Date('2024-06-14T17:00:00Z');
const COPY = { size: 1, mtimeMs: 1 };
const DAY = '2024-06-11';

function known(days: Readonly<Record<string, DayRecord>>): DatasetProgress {
  const progress = datasetProgress(emptyProgress(), stocksDaily.name);
  for (const [day, record] of Object.entries(days)) progress.days.set(day, record);
  return progress;
}

function facts(days: Readonly<Record<string, DayRecord>>, archived: readonly string[] = []): CoverFacts {
  return {
    dataset: stocksDaily,
    known: known(days),
    archived,
    copyOf: (day) => (archived.includes(day) ? COPY : undefined),
    accepted: new Map(),
    now,
  };
}

describe('the state of a session', () => {
  const missing = { state: 'missing', reason: 'not listed' } as const;
  const denied = { state: 'denied', reason: '403' } as const;
  it.each<[string, DayRecord | undefined, boolean, string]>([
    ['a copy', undefined, true, 'done'],
    ['a copy, whatever was recorded before it', { problem: missing }, true, 'done'],
    ['pruned', { pruned: true, size: 1, archive: COPY }, false, 'pruned'],
    ['pruned, and then refused', { pruned: true, problem: denied }, false, 'pruned'],
    ['missing', { problem: missing }, false, 'missing'],
    ['denied', { problem: denied }, false, 'denied'],
    ['its file is gone', { size: 1, archive: COPY }, false, 'available'],
    ['processed without an archive', { size: 1 }, false, 'done'],
    ['nothing recorded', undefined, false, 'never-asked'],
  ])('%s', (_, record, copy, state) => {
    const [day] = coverDays(
      DAY,
      DAY,
      facts(record === undefined ? {} : { [DAY]: record }, copy ? [DAY] : []),
    );
    expect(day?.state).toBe(state);
    expect(day?.reason === '').toBe(state === 'done');
    expect(day?.copy).toEqual(copy ? COPY : undefined);
  });

  it('is pending until a file that nobody asked for is overdue', () => {
    const days = coverDays('2024-06-12', '2024-06-17', facts({}));
    expect(days.map(({ day, state }) => [day, state])).toEqual([
      ['2024-06-12', 'never-asked'],
      ['2024-06-13', 'pending'],
      ['2024-06-14', 'pending'],
      ['2024-06-17', 'pending'],
    ]);
    expect(days.filter(isHole).map(({ day }) => day)).toEqual(['2024-06-12']);
  });
});

describe('the range that a folder covers', () => {
  it('begins with the first day of which anything is known and ends with the last that is due', () => {
    expect(coveredRange(facts({}))).toBeUndefined();
    const denied: DayRecord = { problem: { state: 'denied', reason: '403' } };
    expect(coveredRange(facts({ '2024-05-01': denied }, ['2024-05-03']))).toEqual({
      start: '2024-05-01',
      end: '2024-06-13',
    });
    expect(coveredRange(facts({ '2024-05-08': {} }, ['2024-05-03']))?.start).toBe('2024-05-03');
  });

  it('is one day where that lies after the last that is due', () => {
    expect(coveredRange(facts({}, ['2024-06-14']))).toEqual({ start: '2024-06-14', end: '2024-06-14' });
  });
});

it('coverage tells each session of the range once, ascending, and only what was accepted as accepted', () => {
  const sessions = nyse.sessions('2024-05-01', '2024-06-20');
  fc.assert(
    fc.property(fc.subarray([...sessions]), fc.subarray([...sessions]), (archived, accepted) => {
      const days = coverDays('2024-05-01', '2024-06-20', {
        ...facts({}, archived),
        accepted: new Map(accepted.map((day) => [day, 'why'])),
      });
      expect(days.map(({ day }) => day)).toEqual(sessions);
      expect(days.filter(({ state }) => state === 'done').map(({ day }) => day)).toEqual(archived);
      expect(days.filter((day) => day.accepted === 'why').map(({ day }) => day)).toEqual(accepted);
    }),
  );
});
