/**
 * `barloom gaps`: exactly the sessions that lack, and why; what is accepted stays visible and spoils no exit
 * code any more.
 */
import { expect, it } from 'vitest';
import type { TickerGaps } from '#tasks/gaps/find-gaps.js';
import {
  barLine,
  dayObjects,
  HEADER,
  market,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';
import { gaps, gapsJson, holed, MISSING, PENDING, ranges } from './holes.js';

const ALL = [
  'denied 2024-05-15 2024-05-17 3',
  'missing 2024-05-24 2024-05-28 2',
  'missing 2024-06-05 2024-06-05 1',
  'failed 2024-06-06 2024-06-06 1',
];

it('gaps tells every hole of a populated folder with its reason, asks nothing, changes nothing, and ends with 3', async () => {
  const { work, sandbox, populated } = await holed(true);
  expect(populated.code, populated.stderr).toBe(3);
  const [before, asked] = [work.times(), (await sandbox.requests()).records.length];
  const ended = await gapsJson(work, '--end', PENDING);
  expect(ended.code, ended.stderr).toBe(3);
  expect(ranges(ended)).toEqual(ALL);
  expect(ended.found).toMatchObject({
    range: { start: '2024-05-15', end: PENDING },
    ...{ sessions: 22, done: 14, pending: 1, pruned: 0, open: 7, accepted: 0 },
  });
  expect(ended.found.gaps.every(({ reason }) => reason.length > 5)).toBe(true);

  const text = await gaps(work);
  expect(text.code).toBe(3);
  expect(text.stdout).toContain('missing 2024-05-24 to 2024-05-28 (2 sessions): overdue');
  expect(text.stdout).toContain('failed 2024-06-06:');
  expect(text.stdout).toMatch(
    /denied 2024-05-15 to 2024-05-17 \(3 sessions\): [^:]*: the\s+first day that they may is 2024-05-20/,
  );
  expect(text.stdout).toContain('never seen: aapl');
  expect(text.stdout).toContain('7 open holes: barloom backfill asks the vendor for them.');
  expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThan(80);
  expect(work.times()).toEqual(before);
  expect((await sandbox.requests()).records.length).toBe(asked);

  // Before the first day that was asked for, nothing is recorded; in a range without a hole, all is well.
  const earlier = await gapsJson(work, '--start', '2024-05-13', '--end', '2024-05-15');
  expect(ranges(earlier)).toEqual(['never-asked 2024-05-13 2024-05-14 2', 'denied 2024-05-15 2024-05-15 1']);
  const whole = await gaps(work, '--start', '2024-06-07');
  expect([whole.code, whole.stdout.split('\n').at(-2)]).toEqual([0, 'No open holes.']);
});

it('accepts holes with a reason, and takes that back', async () => {
  const { work } = await holed();
  const one = await gapsJson(work, '--accept', '2024-05-24..2024-05-28', '--reason', ' the vendor lost it ');
  expect(one.code).toBe(3);
  expect(one.document['accepted']).toEqual(
    ['2024-05-24', '2024-05-28'].map((day) => ({
      dataset: 'stocks_daily',
      day,
      reason: 'the vendor lost it',
    })),
  );
  expect(ranges(one)).toEqual([ALL[0], `${ALL[1]} the vendor lost it`, ALL[2]]);
  expect(one.found).toMatchObject({ open: 4, accepted: 2 });

  const rest = await gaps(work, '--accept', '2024-06-05,2024-05-15..2024-05-17', '--reason', 'so');
  expect(rest.code, rest.stderr).toBe(0);
  expect(rest.stdout).toContain(
    'accepted (missing) 2024-05-24 to 2024-05-28 (2 sessions): the vendor lost it',
  );
  expect(rest.stdout).toContain('No open holes.');

  // It no longer spoils a run either, and the run says so.
  const populated = await work.populate('--start 2024-05-15 --end 2024-06-13');
  expect(populated.code, populated.stderr).toBe(0);
  expect(populated.stdout).toContain(
    'accepted (missing) 2024-05-24 to 2024-05-28 (2 days): the vendor lost it',
  );
  expect(populated.stdout).toContain('\nComplete but for 6 accepted days.\n');
  expect(populated.stdout).not.toContain('asked for again');

  // Again is another reason; taken back, it is a hole as before.
  expect((await gaps(work, '--accept', '2024-05-24', '--reason', 'new')).code).toBe(0);
  const back = await gapsJson(work, '--unaccept', '2024-05-28,2024-06-05');
  expect(back.code).toBe(3);
  expect(back.document['unaccepted']).toMatchObject([{ reason: 'the vendor lost it' }, { reason: 'so' }]);
  expect(back.found).toMatchObject({ open: 2, accepted: 4 });
  expect(ranges(back)).toContain('missing 2024-05-24 2024-05-24 1 new');
  expect(work.has('.barloom.lock')).toBe(false);
  const again = await work.populate('--start 2024-05-15 --end 2024-06-13');
  expect(again.code).toBe(3);
  expect(again.stdout).toContain('Missing days are asked for again by the next run.');
  expect(again.stdout).not.toContain('Denied days');
});

it('--accept refuses what cannot be accepted, and then nothing was', async () => {
  const { work } = await holed();
  const reason = ['--reason', 'so'];
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['--accept', '2024-05-24'], /--accept needs a reason/],
    [['--accept', '2024-05-24', '--reason', ' '], /--accept needs a reason/],
    [['--reason', 'so'], /give --accept DAYS with it/],
    [
      ['--accept', '2024-05-24', '--unaccept', '2024-05-28', ...reason],
      /only one of --accept and --unaccept/,
    ],
    [['--accept', '2024-05-25', ...reason], /2024-05-25 is no session/],
    [['--accept', '2024-05-27', ...reason], /2024-05-27 is no session \(Memorial Day\)/],
    [['--accept', '2024-05-25..2024-05-27', ...reason], /holds no session/],
    [['--accept', '2024-05-28..2024-05-24', ...reason], /ends before it starts/],
    [['--accept', '2024-02-30', ...reason], /"2024-02-30" is not a day or a range of days/],
    [['--accept', '', ...reason], /"" is not a day/],
    [['--accept', '2001-05-24', ...reason], /before the dataset's first day, 2003-09-10/],
    [['--accept', '2024-05-24,2024-05-23', ...reason], /2024-05-23 is here: only holes can be accepted/],
    [['--accept', '2024-05-20..2024-05-24', ...reason], /2024-05-20 is here, and so with 3 more/],
    [['--accept', PENDING, ...reason], /2024-06-14 is not overdue yet/],
    [['--unaccept', '2024-05-24'], /2024-05-24: not accepted; nothing was changed/],
  ];
  for (const [args, sentence] of refusals) {
    const { code, stdout, stderr } = await gaps(work, ...args);
    expect(stderr).toMatch(sentence);
    expect([code, stdout, stderr.split('\n').length], stderr).toEqual([2, '', 2]);
  }
  expect(work.has('accepted.json')).toBe(false);
  expect(work.has('.barloom.lock')).toBe(false);
});

it('a damaged accepted.json is told and left as it is, by gaps, --accept and backfill alike', async () => {
  const { work } = await holed();
  await work.write('accepted.json', '{"schema_version": 1, "accepted": [');
  for (const args of [
    ['gaps'],
    ['gaps', '--accept', '2024-05-24', '--reason', 'so'],
    ['gaps', '--unaccept', '2024-05-24'],
    ['backfill'],
  ]) {
    const { code, stderr } = await work.run([...args, '--data-dir', work.data]);
    expect(stderr).toMatch(/^barloom: accepted\.json: it is not JSON .*: mend it or remove it\n$/);
    expect(code).toBe(2);
  }
  expect(work.read('accepted.json')).toBe('{"schema_version": 1, "accepted": [');
});

it('a folder without data says what to run first', async () => {
  const work = await Workdir.make();
  for (const command of ['gaps', 'backfill']) {
    const { code, stderr, stdout } = await work.run([command, '--data-dir', work.data]);
    expect(stderr).toMatch(/There is no data in .*: run barloom populate --months 1 first/);
    expect([code, stdout]).toEqual([2, '']);
  }
  await work.write('data_cache/AAPL_1d_data.csv', SERIES_HEADER + seriesLine('2024-05-01'));
  const { code, stderr } = await gaps(work);
  expect(stderr).toContain('No day of stocks_daily is known here yet: run barloom populate --months 1 first');
  expect(code).toBe(2);
  expect((await gaps(work, '--accept', '2024-05-01', '--reason', 'so')).code).toBe(2);
  expect(work.has('accepted.json')).toBe(false);
  expect(ranges(await gapsJson(work, '--start', '2024-06-10'))).toEqual([
    'never-asked 2024-06-10 2024-06-12 3',
  ]);
  expect(work.has('.barloom.lock')).toBe(false);
});

const DAYS = ['2024-05-01', '2024-05-02', '2024-05-03', '2024-05-06', '2024-05-07', '2024-05-08'];

/** Days with the tickers whose letter stands at their place. */
async function pattern(tickers: Readonly<Record<string, string>>): Promise<Workdir> {
  const texts = DAYS.map((day, i) => {
    const held = Object.keys(tickers).filter((ticker) => tickers[ticker]?.[i] === 'x');
    return [
      day,
      HEADER +
        held
          .sort()
          .map((ticker) => barLine(ticker))
          .join(''),
    ] as const;
  });
  const work = await Workdir.make(await market({ objects: dayObjects(Object.fromEntries(texts)) }));
  const wanted = Object.keys(tickers).join(',');
  const { code, stderr } = await work.populate(`--start ${DAYS[0]} --end ${DAYS.at(-1)} --tickers ${wanted}`);
  expect(code, stderr).toBe(0);
  return work;
}

async function tickers(work: Workdir): Promise<Readonly<Record<string, readonly string[]>>> {
  const { found, code } = await gapsJson(work, '--start', DAYS[0] ?? '', '--end', DAYS.at(-1) ?? '');
  // What the archive holds and a series lacks is not all there.
  expect(code).toBe(found.unfilled > 0 ? 3 : 0);
  const shape = ({ gaps: own }: TickerGaps): readonly string[] =>
    own.map(({ state, start, end, sessions }) => `${state} ${start.slice(8)}..${end.slice(8)} ${sessions}`);
  return Object.fromEntries(found.tickers.map((ticker) => [ticker.ticker, shape(ticker)]));
}

it("tells tickers' own holes apart, and a series that was taken away from a ticker that did not trade", async () => {
  const work = await pattern({
    ALL: 'xxxxxx',
    LATE: '..xxxx',
    HALT: 'x...xx',
    THIN: 'x.x.xx',
    NONE: '......',
  });
  expect(await tickers(work)).toEqual({
    ALL: [],
    LATE: ['not-yet-listed 01..02 2'],
    HALT: ['halted 02..06 3'],
    THIN: ['no-trade 02..02 1', 'no-trade 06..06 1'],
    NONE: ['never-seen 01..08 6'],
  });

  // One was added to the lists since, one file is gone, one cannot be read: the archive has them all.
  await work.write('stocks.txt', 'NEW\n');
  await work.remove('data_cache', 'ALL_1d_data.csv');
  await work.write('data_cache/HALT_1d_data.csv', `${SERIES_HEADER}2024-05-01,"`);
  const before = work.times();
  const spoilt = await tickers(work);
  for (const ticker of ['NEW', 'ALL', 'HALT'])
    expect(spoilt[ticker], ticker).toEqual(['not-filled 01..08 6']);
  expect((await gaps(work, '--end', DAYS.at(-1) ?? '')).code).toBe(3);
  const text = (await gaps(work, '--end', DAYS.at(-1) ?? '')).stdout.replace(/\s+/g, ' ');
  expect(text).toContain('NEW (6 sessions)');
  expect(text).toContain('run barloom rebuild NEW ALL HALT');
  expect(text).toContain('HALT cannot be read');
  expect(work.times()).toEqual(before);
});

it('a day without archive that a later ticker was not looked up on can only be populated', async () => {
  const objects = dayObjects({ '2024-05-01': HEADER + barLine('AAPL') + barLine('MSFT') });
  const work = await Workdir.make(await market({ objects }));
  const one = '--start 2024-05-01 --end 2024-05-01 --tickers AAPL';
  expect((await work.populate(`${one} --no-save-others`)).code).toBe(0);
  await work.write('stocks.txt', 'MSFT\n');
  const { found } = await gapsJson(work, '--end', '2024-05-01');
  expect(found).toMatchObject({ done: 1, open: 0 });
  expect(found.tickers).toMatchObject([
    { ticker: 'MSFT', first: null, bars: 0, gaps: [{ state: 'not-looked-up', sessions: 1 }] },
    { ticker: 'AAPL', first: '2024-05-01', bars: 1, gaps: [] },
  ]);
});

it('a file of the day that is gone is available again, and MISSING is what the vendor lacks', async () => {
  const { work } = await holed();
  await work.remove('massive_cache', '2024-06-03.csv.gz');
  const { found } = await gapsJson(work);
  expect(found.gaps.filter(({ state }) => state === 'available')).toMatchObject([
    { start: '2024-06-03', end: '2024-06-03', reason: 'it was here, and its file is gone' },
  ]);
  expect(found.gaps.filter(({ state }) => state === 'missing').reduce((n, gap) => n + gap.sessions, 0)).toBe(
    MISSING.length,
  );
});
