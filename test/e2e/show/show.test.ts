/** The real command: what it finds, what it says, and that it changes nothing. */
import { describe, expect, it } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { barLine, type Ended, type RunOptions, seriesLine, Workdir } from '../../support/workdir.js';
import { folderOf } from './folder.js';

const UTF8 = { env: { LC_ALL: 'en_US.UTF-8' } };

function show(work: Workdir, args: string, options: RunOptions = {}): Promise<Ended> {
  return work.run(['show', ...args.split(' ').filter(Boolean), '--data-dir', work.data], options);
}

interface Document {
  readonly exit_code: number;
  readonly error?: { readonly message: string };
  readonly datasets: readonly {
    readonly ticker: string;
    readonly read_from: string;
    readonly range: { readonly start: string; readonly end: string };
    readonly sessions: number;
    readonly missing: readonly string[];
    readonly left_out: readonly { readonly day: string; readonly reason: string }[];
    readonly rows: readonly Readonly<Record<string, string>>[];
  }[];
}

function documentOf({ stdout }: Ended): Document {
  return JSON.parse(stdout) as Document;
}

const SESSIONS = nyse.sessions('2023-06-13', '2024-06-13');
const YEAR = SESSIONS.map((day, i) => seriesLine(day, 100 + (i % 17), 1000 + i)).join('');

describe('a ticker with a series', () => {
  it('is drawn within 80 columns, with its figures and last rows, and nothing is touched', async () => {
    const work = await folderOf({ AAPL: YEAR });
    const before = work.times();
    const { code, stdout, stderr } = await show(work, 'AAPL', UTF8);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('AAPL  stocks_daily  2023-12-14 to 2024-06-13  2 sessions a candle');
    expect(stdout).toMatch(/52 weeks +high 117 on .*, low 99 on/);
    expect(stdout).toMatch(/^ {2}sessions +125$/m);
    expect(stdout).toMatch(/series +2023-06-13 to 2024-06-13, 253 rows/);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .slice(-10)
        .every((line) => /^ {2}2024-(?:05|06)-\d\d /.test(line)),
    ).toBe(true);
    for (const line of stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(work.times()).toEqual(before);
  });

  it('in ASCII where the locale is not UTF-8, on a dumb terminal, and never coloured in a pipe', async () => {
    const work = await folderOf({ AAPL: YEAR });
    for (const env of [
      {},
      { LC_ALL: 'C' },
      { LC_ALL: 'C', LANG: 'en_US.UTF-8' },
      { LANG: 'en_US.UTF-8', TERM: 'dumb' },
    ])
      expect((await show(work, 'AAPL', { env: { ...env } as Record<string, string> })).stdout).toMatch(
        /^[\n -~]*$/,
      );
    const narrow = await show(work, 'AAPL', { env: { LANG: 'C.UTF-8', COLUMNS: '40' } });
    expect(narrow.stdout).toContain('┃');
    for (const line of narrow.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(40);
  });

  it('--json has the rows in full digits; --weekly a row a week', async () => {
    const volume = '9007199254740993.000001';
    const lines = `2024-06-07,1,2,1,2,${volume}\n2024-06-10,2,3,0.0001,2,1\n2024-06-12,2,3,2,2.5,${volume}\n`;
    const work = await folderOf({ BApA: lines });
    const [daily] = documentOf(await show(work, 'BApA --json')).datasets;
    expect(daily).toMatchObject({
      ticker: 'BApA',
      read_from: 'series',
      sessions: 3,
      missing: ['2024-06-11'],
    });
    expect(daily?.rows[0]).toEqual({
      date: '2024-06-07',
      open: '1',
      high: '2',
      low: '1',
      close: '2',
      volume,
    });
    const [weekly] = documentOf(await show(work, 'BApA --weekly --json')).datasets;
    expect(weekly?.rows[1]).toEqual({
      start: '2024-06-10',
      end: '2024-06-12',
      sessions: 2,
      open: '2',
      high: '3',
      low: '0.0001',
      close: '2.5',
      volume: '9007199254740994.000001',
    });
  });

  it('the range counts back from its own last day, and options choose another', async () => {
    const old = YEAR.replaceAll('2024-', '2016-').replaceAll('2023-', '2015-');
    const work = await folderOf({ GONE: old });
    const range = async (args: string): Promise<unknown> =>
      documentOf(await show(work, `GONE --json ${args}`)).datasets[0]?.range;
    expect(await range('')).toEqual({ start: '2015-12-14', end: '2016-06-13' });
    expect(await range('--days 10')).toEqual({ start: '2016-06-04', end: '2016-06-13' });
    expect(await range('--months 1 --end 2016-03-31')).toEqual({ start: '2016-03-01', end: '2016-03-31' });
    expect(await range('--start 1950-01-01')).toEqual({ start: '1950-01-01', end: '2016-06-13' });
    const empty = await show(work, 'GONE --start 2020-01-01 --end 2020-02-01');
    expect([empty.code, empty.stdout]).toEqual([0, expect.stringContaining('none with a bar in this range')]);
    const wrong = await show(work, 'GONE --start 2024-07-01');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('2024-07-01 is in the future')]);
  });

  it("rows of the user's that are no numbers are left out and counted", async () => {
    const work = await folderOf({
      AAPL: `${seriesLine('2024-06-10', 10)}2024-06-11,NaN,nan,,inf,\n2024-06-12,-1,\u001b[31m1,1,1,1\n${seriesLine('2024-06-13', 11)}`,
    });
    const { code, stdout } = await show(work, 'AAPL', UTF8);
    expect(code).toBe(0);
    expect(stdout).toContain('2 rows left out: not numbers');
    expect(stdout).not.toMatch(/NaN|inf/i);
    expect(stdout).not.toContain('\u001b');
    expect(documentOf(await show(work, 'AAPL --json')).datasets[0]).toMatchObject({
      sessions: 2,
      left_out: ['2024-06-11', '2024-06-12'].map((day) => ({
        day,
        reason: 'the row of the series is no bar',
      })),
    });
  });

  it('a halving that looks like a split is hinted at', async () => {
    const work = await folderOf({ AAPL: seriesLine('2024-06-10', 100) + seriesLine('2024-06-11', 50) });
    expect((await show(work, 'AAPL')).stdout.replace(/\s+/g, ' ')).toContain(
      'split? 2024-06-11: 100.5 to 50.5 looks like 2 for 1, prices are not adjusted',
    );
  });

  it('a series that cannot be read is reported, not replaced by something else', async () => {
    const work = await folderOf({}, { '2024-06-12': barLine('AAPL') });
    await work.write('data_cache/AAPL_1d_data.csv', 'Date,Open\nyesterday,1\n');
    const before = work.times();
    const { code, stdout, stderr } = await show(work, 'AAPL');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/AAPL_1d_data\.csv cannot be read: .*column High/);
    expect(documentOf(await show(work, 'AAPL --json'))).toMatchObject({
      exit_code: 3,
      error: { message: expect.stringContaining('High') },
    });
    expect(work.times()).toEqual(before);
  });
});

describe('a ticker without a series', () => {
  it('comes straight out of the archive, is not tracked by that, and damaged days are told', async () => {
    const days = Object.fromEntries(
      ['2024-06-11', '2024-06-12', '2024-06-13'].map((day, i) => [
        day,
        barLine('AA') + barLine('NVDA', 10 + i),
      ]),
    );
    const work = await folderOf({ AA: seriesLine('2024-06-12') }, days);
    const before = work.times();
    const { code, stdout, stderr } = await show(work, 'NVDA');
    expect([code, stderr]).toEqual([
      0,
      'NVDA has no series: read from the archive; barloom add NVDA keeps it.\n',
    ]);
    expect(stdout).toContain('12.5 on 2024-06-13, +1 (+8.70 %) from 2024-06-12');
    expect(work.times()).toEqual(before);

    await work.write('massive_cache/2024-06-12.csv.gz', 'not gzip at all');
    const damaged = await show(work, 'NVDA --json');
    expect([damaged.code, damaged.stderr]).toEqual([
      3,
      expect.stringContaining('2024-06-12 cannot be read from the archive'),
    ]);
    expect(documentOf(damaged).datasets[0]).toMatchObject({ sessions: 2, missing: ['2024-06-12'] });
  });

  it('that nobody knows is exit 2, with near ones', async () => {
    const work = await folderOf({ AAPL: YEAR }, { '2024-06-12': barLine('BRK.B') + barLine('NVDA') });
    for (const [typed, meant] of [
      ['APPL', 'AAPL'],
      ['brk-b', 'BRK.B'],
      ['nvda', 'NVDA'],
      ['BRK/B', 'BRK.B'],
    ]) {
      const { code, stdout, stderr } = await show(work, String(typed));
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`${typed} (did you mean ${meant}?)`);
    }
    const odd = await work.run(['show', 'X\u001b[2J\u202e', '--data-dir', work.data]);
    expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('X\\x1b[2J\\u{202e}')]);
  });

  it('and a folder without data says what to run first', async () => {
    const work = await Workdir.make();
    const { code, stderr } = await show(work, 'AAPL');
    expect([code, stderr]).toEqual([2, expect.stringContaining('run barloom populate')]);
    expect(work.has()).toBe(false);
  });
});

it('a ticker with escapes in it never reaches the terminal raw', async () => {
  const ticker = 'A\u001b[31m\u009b2J\u202eB';
  const lines = Array.from({ length: 9 }, (_, i) => seriesLine(addDays('2024-06-03', i), 10 + i)).join('');
  const work = await folderOf({ [ticker]: lines });
  for (const flags of [[], ['--json'], ['--weekly']]) {
    const { code, stdout, stderr } = await work.run(
      ['show', ticker, ...flags, '--data-dir', work.data],
      UTF8,
    );
    expect(code).toBe(0);
    for (const raw of ['\u001b', '\u009b', '\u202e']) expect(stdout + stderr).not.toContain(raw);
  }
});
