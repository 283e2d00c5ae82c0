/**
 * What a person reads of gaps, and of a run whose holes were accepted: the whole text, and never wider than
 * the terminal.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gapsText } from '#cli/output/gaps-text.js';
import { summaryText } from '#cli/output/summary-text.js';
import { nyse } from '#market/calendar/nyse.js';
import type { DatasetGaps, TickerGaps } from '#tasks/gaps/find-gaps.js';
import { type GapRange, HOLE_STATES } from '#tasks/gaps/gap-ranges.js';
import type { TickerGapState } from '#tasks/gaps/ticker-gaps.js';
import { countDays, type DatasetSummary } from '#tasks/populate/summary.js';

const HEALTHY: DatasetGaps = {
  dataset: 'stocks_daily',
  range: { start: '2024-05-15', end: '2024-06-14' },
  ...{ sessions: 22, extra: 0, done: 21, pending: 1, pruned: 0, open: 0, accepted: 0, unfilled: 0 },
  gaps: [],
  left_out: [],
  left_out_unread: 0,
  tickers: [{ ticker: 'AAPL', first: '2024-05-15', last: '2024-06-13', bars: 21, gaps: [] }],
};
const MISSING: GapRange = {
  ...{ start: '2024-05-24', end: '2024-05-28', sessions: 2 },
  ...{ state: 'missing', reason: 'overdue, and the vendor does not list it' },
};

function ticker(name: string, state: TickerGapState, sessions = 1, reason = 'why'): TickerGaps {
  const gap = { start: '2024-05-15', end: '2024-05-17', sessions, state, reason };
  return { ticker: name, first: null, last: null, bars: 0, gaps: [gap] };
}

it('of a healthy folder a handful of lines', () => {
  expect(gapsText({ datasets: [HEALTHY] })).toBe(`
stocks_daily  2024-05-15 to 2024-06-14
  sessions     22
               21 here, 1 not published yet
  tickers      1
               1 with a bar on every session

No open holes.
`);
});

it('of one with every kind of hole, the ranges with their reasons, and what to do next', () => {
  const found: DatasetGaps = {
    ...HEALTHY,
    ...{ done: 15, pruned: 1, open: 3, accepted: 2 },
    gaps: [
      { ...MISSING, start: '2024-05-15', end: '2024-05-15', sessions: 1, state: 'denied', reason: '403' },
      MISSING,
      { ...MISSING, start: '2024-06-03', end: '2024-06-04', accepted: 'ticket\u001b[31m 4711' },
      { ...MISSING, start: '2024-06-06', end: '2024-06-06', sessions: 1, state: 'pruned', reason: 'gone' },
    ],
    tickers: [
      ticker('THIN', 'no-trade'),
      ticker('OLD', 'delisted', 12, 'its last bar is of 2024-05-14'),
      ticker('HALT', 'halted', 3),
      ticker('NEW', 'not-filled', 3),
      ticker('nflx', 'never-seen', 3),
      { ...ticker('BAD', 'not-filled', 3), unreadable: 'line 2: no day' },
    ],
  };
  const accepted = [{ day: '2024-06-03', reason: 'ticket 4711' }];
  expect(gapsText({ datasets: [found], accepted })).toBe(`accepted 2024-06-03: ticket 4711

stocks_daily  2024-05-15 to 2024-06-14
  sessions     22
               15 here, 1 not published yet, 1 pruned, 2 accepted, 3 open holes
  tickers      6
               2 not filled, 1 never seen, 1 delisted, 1 halted or suspended,
               1 without a trade on some days, 1 that cannot be read

  denied 2024-05-15: 403
  missing 2024-05-24 to 2024-05-28 (2 sessions): overdue, and the vendor does
    not list it
  accepted (missing) 2024-06-03 to 2024-06-04 (2 sessions): ticket\\x1b[31m 4711
  pruned 2024-06-06: gone

  not filled: NEW (3 sessions), BAD (3 sessions): run barloom rebuild NEW BAD
  never seen: nflx
  delisted: OLD (its last bar is of 2024-05-14)
  halted or suspended: HALT 2024-05-15 to 2024-05-17 (3 sessions)
  BAD cannot be read: line 2: no day

3 open holes: barloom backfill asks the vendor for them.
What will never come can be accepted:
  barloom gaps --accept 2024-05-24..2024-05-28 --reason '…'
Pruned days come back with barloom backfill --only pruned.
`);
});

it('the text is never wider than 79 columns, and never longer than a screen or two, whatever lacks', () => {
  const gap = fc.record<GapRange>({
    start: fc.constant('2024-05-24'),
    end: fc.constantFrom('2024-05-24', '2024-05-28'),
    sessions: fc.nat(600),
    state: fc.constantFrom(...HOLE_STATES),
    reason: fc.lorem({ maxCount: 20 }),
  });
  const state = fc.constantFrom<TickerGapState>(
    'delisted',
    'halted',
    'never-seen',
    'not-filled',
    'not-looked-up',
  );
  const tickers = fc.array(
    fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), state).map(([name, kind]) => {
      return ticker(name.replaceAll(' ', '_'), kind, 300);
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 60 }), tickers, (gaps, own) => {
      const lines = gapsText({ datasets: [{ ...HEALTHY, gaps, tickers: own }] }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
      expect(lines.length).toBeLessThan(140);
    }),
  );
});

function summaryOf(
  problems: DatasetSummary['problems'],
  accepted: DatasetSummary['accepted'],
): DatasetSummary {
  return {
    dataset: 'stocks_daily',
    range: { start: '2024-05-15', end: '2024-06-14' },
    days: countDays(
      problems.map(({ day, state }) => [day, state === 'done' ? 'unchanged' : state] as const),
      nyse.isSession,
    ),
    ...{ extra: [], left_out: [], problems, accepted, replaced: [] },
    ticker_days: { added: 0, unchanged: 0, corrected: 0, kept: 0 },
    tickers: { tracked: 1, never_seen: [], suggestions: {}, unusable_lists: [], weeklies: {} },
    quality: { not_bars: 0, doubles: 0, off_date: 0, off_day: [] },
    requests: { list: 1, get: 0, retried: 0 },
    bytes: { downloaded: 0, to_fetch: 0, needed: 0 },
    times: { download_seconds: 0, work_seconds: 0 },
    folders: { series: '/data/data_cache', archive: '/data/massive_cache' },
  };
}

const days = ['2024-05-24', '2024-05-28'].map(
  (day) => ({ day, state: 'missing', reason: 'not listed' }) as const,
);
const other = { day: '2024-06-06', state: 'failed', reason: 'it is not gzip' } as const;

it.each<[string, DatasetSummary['problems'], DatasetSummary['accepted'], number, string]>([
  [
    'all that lacks was accepted',
    days,
    days.map((day) => ({ ...day, reason: 'lost' })),
    0,
    '  accepted (missing) 2024-05-24 to 2024-05-28 (2 days): lost\n\nComplete but for 2 accepted days.\n',
  ],
  [
    'an accepted hole is none of what is to be done next',
    [...days, other],
    days.map((day) => ({ ...day, reason: 'lost' })),
    3,
    '  failed 2024-06-06: it is not gzip\n' +
      '  accepted (missing) 2024-05-24 to 2024-05-28 (2 days): lost\n\nFailed days are tried again by the next run.\n',
  ],
  [
    'one of two was accepted',
    days,
    [{ day: '2024-05-24', state: 'missing', reason: 'lost' }],
    3,
    '  missing 2024-05-28: not listed\n  accepted (missing) 2024-05-24: lost\n\nMissing days are asked for again by the next run.\n',
  ],
])('the summary of a run where %s', (_, problems, accepted, exitCode, end) => {
  const view = { calendar: nyse, seconds: 1, exitCode, dryRun: false, archive: true, series: true };
  const text = summaryText({ ...view, summary: summaryOf(problems, accepted) });
  expect(text.slice(text.indexOf('\n\n') + 2)).toBe(end);
});

it('a day that is not published yet is told beside the accepted ones', () => {
  const accepted = [{ day: '2024-05-24', state: 'missing', reason: 'lost' }] as const;
  const summary = summaryOf([{ day: '2024-05-24', state: 'missing', reason: 'x' }], accepted);
  const view = { calendar: nyse, seconds: 1, exitCode: 0, dryRun: false, archive: true, series: true };
  const text = summaryText({ ...view, summary: { ...summary, days: { ...summary.days, pending: 1 } } });
  expect(text).toContain('\nComplete but for 1 accepted day and 1 day not published yet; run again later.\n');
});
