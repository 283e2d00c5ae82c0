/**
 * What a person reads while a run goes and at its end: exact where scripts may look, and never wider than the
 * terminal.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupDays } from '#cli/output/day-groups.js';
import { eventLine } from '#cli/output/event-line.js';
import { bytes, clockTime, count, counted, duration } from '#cli/output/quantities.js';
import { newReporter } from '#cli/output/reporter.js';
import { summaryText } from '#cli/output/summary-text.js';
import type { DayEvent, PopulateEvent } from '#ingest/run/events.js';
import { nyse } from '#market/calendar/nyse.js';
import { countDays, type DatasetSummary } from '#tasks/populate/summary.js';

const dayEvent: DayEvent = {
  ...{
    type: 'day',
    n: 12,
    days: 504,
    day: '2024-11-12',
    source: 's3',
    tickers: 53,
    added: 53,
    unchanged: 0,
    corrected: 0,
    kept: 0,
  },
  ...{ rows: 11_500, bytes: 300_000, downloadSeconds: 0.5, workSeconds: 0.3 },
};

test('the line of a day', () => {
  expect(eventLine(dayEvent)).toBe('[ 12/504] 2024-11-12  s3  53 tickers: 53 added, 0 unchanged  0.8s');
  expect(
    eventLine({ ...dayEvent, n: 504, source: 'archive', tickers: 1, added: 1, corrected: 2, kept: 3 }),
  ).toBe('[504/504] 2024-11-12  archive  1 ticker: 1 added, 0 unchanged, 2 corrected, 3 kept  0.8s');
  expect(eventLine({ ...dayEvent, n: 1, days: 1, tickers: undefined })).toBe(
    '[1/1] 2024-11-12  s3  11,500 rows  0.8s',
  );
});

test.each<[PopulateEvent, string | undefined]>([
  [
    {
      type: 'started',
      dataset: 'stocks_daily',
      start: '2024-11-12',
      end: '2025-11-11',
      sessions: 250,
      tickers: 53,
    },
    'stocks_daily: 2024-11-12 to 2025-11-11, 250 sessions, 53 tickers',
  ],
  [{ type: 'planned', days: 0, fetch: 0, archive: 0, bytes: 0 }, 'nothing to fetch'],
  [
    { type: 'planned', days: 3, fetch: 1, archive: 2, bytes: 312_345 },
    'to do: 1 day to fetch (0.3 MB), 2 days from the archive',
  ],
  [
    { type: 'problem', day: '2024-11-12', state: 'missing', reason: 'not listed' },
    '2024-11-12  missing: not listed',
  ],
  [{ type: 'worked', done: 1, days: 2, downloaded: 3 }, undefined],
  [{ type: 'listing', done: 1, months: 2 }, undefined],
])('the line of %j', (event, line) => {
  expect(eventLine(event)).toBe(line);
});

test.each([
  [bytes(0), '0 B'],
  [bytes(999), '999 B'],
  [bytes(1000), '1.0 kB'],
  [bytes(9949), '9.9 kB'],
  [bytes(9950), '10 kB'],
  [bytes(999_499), '999 kB'],
  [bytes(999_500), '1.0 MB'],
  [bytes(146_000_000), '146 MB'],
  [bytes(3.7e9), '3.7 GB'],
  [bytes(1e16), '10,000 TB'],
  [count(0), '0'],
  [count(1234567), '1,234,567'],
  [counted(1, 'day'), '1 day'],
  [counted(0, 'day'), '0 days'],
  [duration(0.04), '0.0 s'],
  [duration(59.94), '59.9 s'],
  [duration(59.97), '1:00'],
  [duration(3599.6), '1:00:00'],
  [clockTime(61), '1:01'],
])('%s is %s', (told, expected) => {
  expect(told).toBe(expected);
});

const sessions = nyse.sessions('2023-01-03', '2025-10-31');
const number = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 12_000_000 }));
const session = fc.constantFrom(...sessions);
const fate = fc.constantFrom(
  'fetched',
  'from_archive',
  'unchanged',
  'pending',
  'missing',
  'available',
  'denied',
  'failed',
  'pruned',
);
const words = fc.constantFrom(
  'it does not gunzip (unexpected end of file)',
  'HTTP 403 for the days around it',
  'its MD5 is 0123456789abcdef0123456789abcdef',
  '\x1b[2J',
);
const ticker = fc.constantFrom('AAPL', 'BApA', 'O:TSLA250117C00200000', '\u202eX', 'aapl');

const summary: fc.Arbitrary<DatasetSummary> = fc.record({
  dataset: fc.constantFrom('stocks_daily', 'indices_minute'),
  range: fc.constant({ start: '2023-01-03', end: '2025-10-31' }),
  days: fc.tuple(fc.array(fate, { maxLength: 30 }), fc.dictionary(fate, number)).map(([list, more]) => ({
    ...countDays(
      list.map((one) => ['2024-01-02', one] as const),
      nyse.isSession,
    ),
    ...more,
  })),
  extra: fc.constant([]),
  left_out: fc.constant([]),
  accepted: fc.constant([]),
  problems: fc.uniqueArray(session, { maxLength: 60 }).chain((days) =>
    fc.tuple(
      ...days.sort().map((day) =>
        fc.record({
          day: fc.constant(day),
          state: fc.constantFrom('failed', 'denied', 'missing'),
          reason: words,
        }),
      ),
    ),
  ),
  replaced: fc.array(
    fc.record({
      day: session,
      added: number,
      removed: number,
      changed: number,
      largest: fc.constant(undefined),
    }),
    { maxLength: 20 },
  ),
  ticker_days: fc.record({ added: number, unchanged: number, corrected: number, kept: number }),
  tickers: fc.record({
    tracked: fc.option(number),
    never_seen: fc.array(ticker, { maxLength: 30 }),
    suggestions: fc.dictionary(ticker, fc.constant('AAPL')),
    unusable_lists: fc.array(fc.record({ file: ticker, reason: fc.constant('is an HTML page') }), {
      maxLength: 3,
    }),
    weeklies: fc.constantFrom({}, { 'O:SPX': 'O:SPXW' }),
  }),
  quality: fc.record({
    not_bars: number,
    doubles: number,
    off_date: number,
    off_day: fc.array(session, { maxLength: 12 }),
  }),
  requests: fc.record({ list: number, get: number, retried: number }),
  bytes: fc.record({ downloaded: fc.maxSafeNat(), to_fetch: fc.maxSafeNat(), needed: fc.maxSafeNat() }),
  times: fc.record({ download_seconds: fc.nat(), work_seconds: fc.nat() }),
  folders: fc.constant({
    series: '/home/someone/market/data_cache',
    archive: '/home/someone/market/massive_cache',
  }),
}) as fc.Arbitrary<DatasetSummary>;

const view = fc.record({
  summary,
  calendar: fc.constant(nyse),
  seconds: fc.nat({ max: 200_000 }),
  exitCode: fc.constantFrom(0, 3, 5),
  dryRun: fc.boolean(),
  archive: fc.boolean(),
  series: fc.boolean(),
});

test('no line of the summary is wider than 80 columns, or holds what a terminal would obey', () => {
  fc.assert(
    fc.property(view, (shown) => {
      const text = summaryText(shown);
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
      if (shown.dryRun) expect(text).toContain('Nothing was written');
    }),
    { numRuns: 500 },
  );
});

test('a year of one trouble is one range; another trouble, or a session between, parts it', () => {
  const year = nyse.sessions('2024-01-02', '2024-12-31');
  const denied = (day: string) => ({ day, state: 'denied', reason: 'x' });
  expect(groupDays(year.map(denied), nyse)).toEqual(
    [{ ...denied(''), day: undefined, start: year[0], end: year.at(-1), days: 252 }].map(
      ({ day: _, ...group }) => group,
    ),
  );
  const holes = year.filter((_, i) => i % 10 !== 5).map(denied);
  expect(groupDays(holes, nyse).length).toBe(26);
  expect(
    groupDays(
      year.map((day, i) => ({ ...denied(day), reason: i < 100 ? 'x' : 'y' })),
      nyse,
    ).map(({ days }) => days),
  ).toEqual([100, 152]);
  expect(groupDays([], nyse)).toEqual([]);
});

/** A terminal that knows a carriage return and the clearing of a line. */
function terminal(columns: number) {
  const lines = [''];
  let widest = 0;
  return {
    write: (text: string): void => {
      for (const part of text.replaceAll('\r\x1b[2K', '\r').split(/([\n\r])/)) {
        if (part === '\n') lines.push('');
        else if (part === '\r') lines[lines.length - 1] = '';
        else lines[lines.length - 1] += part;
        widest = Math.max(widest, lines.at(-1)?.length ?? 0);
      }
    },
    columns: () => columns,
    lines,
    widest: () => widest,
  };
}

test('the live line is never as wide as the terminal, and leaves nothing behind but the lines above it', () => {
  const event: fc.Arbitrary<PopulateEvent> = fc.oneof(
    fc.record({ type: fc.constant('listing'), done: number, months: number }),
    fc.record({ type: fc.constant('planned'), days: number, fetch: number, archive: number, bytes: number }),
    fc.record({ type: fc.constant('worked'), done: number, days: number, downloaded: fc.maxSafeNat() }),
    fc.constant(dayEvent),
    fc.constant({ type: 'note', level: 'info', message: 'told' } as const),
  ) as fc.Arbitrary<PopulateEvent>;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.nat({ max: 300 }))),
      fc.constantFrom(0, 1, 10, 40, 80, 200),
      fc.boolean(),
      (heard, columns, quiet) => {
        const screen = terminal(columns);
        let time = 0;
        const reporter = newReporter({
          form: quiet ? 'quiet' : 'lines',
          live: true,
          write: screen.write,
          columns: screen.columns,
          clock: () => time,
        });
        const expected: string[] = [];
        for (const [one, pause] of heard) {
          time += pause;
          const whole = screen.lines.length;
          reporter.hear(one);
          const line = quiet ? undefined : eventLine(one);
          if (line !== undefined) expected.push(line);
          else expect(screen.lines.length).toBe(whole);
          expect(screen.lines.at(-1)?.length).toBeLessThanOrEqual(Math.max(0, columns - 1));
        }
        reporter.say('Ctrl-C');
        reporter.end();
        expect(screen.lines).toEqual([...expected, 'Ctrl-C', '']);
      },
    ),
    { numRuns: 300 },
  );
});

test('--quiet tells troubles and nothing else', () => {
  const written: string[] = [];
  const reporter = newReporter({
    form: 'quiet',
    live: false,
    write: (text) => written.push(text),
    columns: () => 80,
    clock: () => 0,
  });
  reporter.hear(dayEvent);
  reporter.hear({ type: 'note', level: 'info', message: 'x' });
  reporter.hear({ type: 'note', level: 'warning', message: 'y' });
  reporter.hear({ type: 'problem', day: '2024-11-12', state: 'failed', reason: 'z' });
  reporter.hear({ type: 'problem', day: '2024-11-11', state: 'failed', reason: 'z' });
  reporter.hear({ type: 'problem', day: '2024-11-08', state: 'failed', reason: 'other' });
  reporter.end();
  expect(written).toEqual([
    'warning: y\n',
    '2024-11-11 to 2024-11-12  2 days failed: z\n',
    '2024-11-08  failed: other\n',
  ]);
});
