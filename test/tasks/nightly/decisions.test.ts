/**
 * What a night asks for, what it says in a line, and what several works come to: pure, so looked at over many
 * folders.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nightLine, weekLine } from '#cli/output/nightly-text.js';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { stocksDaily } from '#market/datasets/all.js';
import { type DayRecord, datasetProgress, emptyProgress } from '#store/ledger/model.js';
import { mostSevere } from '#tasks/exit-code.js';
import { HOLES_BACK, lookBack, type NightFacts } from '#tasks/nightly/look-back.js';

const TODAY = '2024-06-14';
const STAMP = { size: 100, mtimeMs: 1 };
const sessions = nyse.sessions('2024-01-02', TODAY);
/** Of the last hundred and more sessions what each is: a letter a session, the newest last. */
const folder = fc.array(fc.constantFrom('here', 'missing', 'failed', 'denied', 'never', 'pruned'), {
  minLength: 1,
  maxLength: sessions.length,
});

function factsOf(states: readonly string[], accepted: readonly IsoDay[] = []): NightFacts {
  const known = datasetProgress(emptyProgress(), 'stocks_daily');
  const days = sessions.slice(-states.length);
  for (const [i, state] of states.entries()) {
    const day = days[i] ?? '';
    const records: Readonly<Record<string, DayRecord>> = {
      here: { size: 1, archive: STAMP },
      missing: { problem: { state: 'missing', reason: '' } },
      failed: { problem: { state: 'failed', reason: '' } },
      denied: { problem: { state: 'denied', reason: '' } },
      pruned: { pruned: true },
    };
    const record = records[state];
    if (record !== undefined) known.days.set(day, record);
  }
  return {
    dataset: stocksDaily,
    known,
    archived: days.filter((_, i) => states[i] === 'here'),
    copyOf: () => STAMP,
    looksWhole: () => true,
    accepted: new Map(accepted.map((day) => [day, 'r'])),
    tracked: [],
    now: new Date('2024-06-14T17:00:00Z'),
  };
}

it('asks for what is newer than the newest, the last ten, and the open holes of the last thirty; never for what is before the first', () => {
  fc.assert(
    fc.property(folder, (states) => {
      const facts = factsOf(states);
      const plan = lookBack(facts);
      const newest = facts.archived.at(-1);
      expect(plan === undefined).toBe(newest === undefined);
      if (plan === undefined || newest === undefined) return;
      const first = [...facts.known.days.keys()].sort()[0] ?? '';
      const asked = [...plan.only];
      expect(asked.every((day) => day >= first)).toBe(true);
      const must = [
        ...nyse.sessions(addDays(newest, 1), TODAY),
        ...sessions.slice(-10),
        ...sessions.slice(-HOLES_BACK).filter((day) => {
          const state = facts.known.days.get(day)?.problem?.state;
          return state === 'missing' || state === 'failed';
        }),
      ];
      expect(must.filter((day) => day >= first && !plan.only.has(day))).toEqual([]);
      // Not further back than there is reason for.
      const reach = sessions.slice(-HOLES_BACK)[0] ?? '';
      expect(asked.every((day) => day >= reach || day > newest)).toBe(true);
      expect(plan.range).toEqual({ start: asked[0], end: TODAY });
    }),
  );
});

it('an accepted hole is no reason to look further back', () => {
  const states = ['here', ...Array<string>(19).fill('here')];
  states[2] = 'missing';
  const hole = sessions.slice(-20)[2] ?? '';
  expect(lookBack(factsOf(states))?.only.has(hole)).toBe(true);
  expect(lookBack(factsOf(states, [hole]))?.only.has(hole)).toBe(false);
});

const days = fc.uniqueArray(fc.constantFrom(...sessions), { maxLength: 90 }).map((some) => some.sort());
const many = fc.integer({ min: 0, max: 99_999 });

it('a night and a week are one line each, of at most 79 columns, and trouble is always in it', () => {
  const view = fc.record({
    command: fc.constantFrom('nightly', 'weekly'),
    dataset: fc.constantFrom(undefined, 'stocks_daily', 'options_minute'),
    missing: days,
    failed: days,
    added: days,
    replaced: days,
    leftOut: fc.subarray(['AAPL', 'MSFT']),
    fromArchive: many,
    fetchedAgain: many,
    newest: fc.constant(TODAY),
    late: fc.constantFrom(undefined, TODAY),
    tooFarBehind: fc.option(many, { nil: undefined }),
    ended: fc.boolean(),
    exitCode: fc.constantFrom(0, 3, 130),
    tickers: fc.oneof(many, fc.constant('all' as const)),
    neverSeen: fc.array(
      fc.record({ ticker: fc.string({ minLength: 1 }), meant: fc.constantFrom(undefined, 'AAPL') }),
      { maxLength: 2 },
    ),
    seconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
  });
  fc.assert(
    fc.property(view, ({ missing, failed, ...rest }) => {
      const state = (name: string) => (day: IsoDay) => ({ day, state: name });
      const line = nightLine({
        ...rest,
        holes: [...missing.map(state('missing')), ...failed.map(state('failed'))],
      });
      expect(line).toMatch(/^[^\n]{1,79}\n$/);
      if (
        rest.neverSeen.length > 0 &&
        missing.length + failed.length === 0 &&
        rest.tooFarBehind === undefined &&
        !rest.ended
      )
        expect(line).toMatch(/no day/);
      if (rest.ended) expect(line).toContain('ended early');
      else if (missing.length > 0) expect(line).toMatch(/: .*\d days? missing/);
    }),
  );
  fc.assert(
    fc.property(
      fc.record({
        command: fc.constant('weekly'),
        dataset: fc.constantFrom(undefined, 'options_minute'),
        open: many,
        filled: many,
        days: many,
        series: many,
        damage: many,
        seconds: many,
      }),
      (week) => {
        const line = weekLine(week);
        expect(line).toMatch(/^[^\n]{1,79}\n$/);
        expect(line.includes('open holes, ') || week.open < 2 || line.includes('open holes\n')).toBe(true);
        expect(line.includes('damage')).toBe(week.damage > 0);
      },
    ),
  );
});

it('of several exit codes the most severe counts, in the order of DESIGN', () => {
  const order = [130, 143, 1, 2, 11, 6, 4, 7, 5, 3, 0];
  for (const [i, worse] of order.entries())
    for (const better of order.slice(i)) {
      expect(mostSevere([worse, better])).toBe(worse);
      expect(mostSevere([better, worse, better])).toBe(worse);
    }
  expect(mostSevere([])).toBe(0);
  expect(mostSevere([0, 99])).toBe(1);
});
