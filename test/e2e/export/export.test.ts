/** The real command: to a pipe, to a file, and into DuckDB. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { stocksDaily } from '#market/datasets/all.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import {
  barLine,
  type Ended,
  market,
  type RunOptions,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';
import { folderOf } from '../show/folder.js';

const HEADER = 'Ticker,Date,Open,High,Low,Close,Volume\n';

function exported(work: Workdir, args: string, options: RunOptions = {}): Promise<Ended> {
  return work.run(['export', ...args.split(' ').filter(Boolean), '--data-dir', work.data], options);
}

function linesOf(ticker: string, series: string): string {
  const lines = series.replace(SERIES_HEADER, '').split('\n').slice(0, -1);
  return lines.map((line) => `${ticker},${line}\n`).join('');
}

const AAPL = seriesLine('2024-05-31', 10) + seriesLine('2024-06-12', 11) + seriesLine('2024-06-13', 12);

describe('to stdout', () => {
  it('is the series, to the byte, of every tracked ticker of a populated folder', async () => {
    const sandbox = await market();
    const work = await Workdir.make(sandbox);
    await work.populate('--days 20 --all-tickers');
    const names = readdirSync(work.at('data_cache')).sort();
    const tickers = names.map((name) => tickerOfFileName(name, stocksDaily.series) ?? '');
    await work.write('stocks.txt', `${tickers.join('\n')}\n`);
    const before = work.times();
    const { code, stdout, stderr } = await exported(work, '--tracked');
    expect([code, stderr]).toEqual([0, '']);
    expect(tickers.length).toBeGreaterThan(50);
    expect(stdout).toBe(
      HEADER + names.map((name, i) => linesOf(tickers[i] ?? '', work.read('data_cache', name))).join(''),
    );
    // The archive alone gives the same.
    await work.remove('data_cache');
    const archived = await exported(work, '--tracked');
    expect(archived.code).toBe(0);
    expect(archived.stderr).toContain(`${tickers.length} tickers have no series: read from the archive`);
    expect(archived.stdout).toBe(stdout);
    const after = work.times();
    for (const name of Object.keys(after)) expect(after[name], name).toBe(before[name]);
  });

  it('ranges, in the order in which tickers are given, each once', async () => {
    const work = await folderOf({ AAPL, MSFT: AAPL });
    const days = async (args: string): Promise<readonly string[]> =>
      (await exported(work, `MSFT AAPL MSFT ${args}`)).stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.slice(0, 15));
    expect(await days('--start 2024-06-01 --end 2024-06-12')).toEqual(['MSFT,2024-06-12', 'AAPL,2024-06-12']);
    expect(await days('--end 2024-05-31')).toEqual(['MSFT,2024-05-31', 'AAPL,2024-05-31']);
    expect((await days('--start 1950-01-01')).length).toBe(6);
    expect((await days('--months 1')).length).toBe(6);
    expect((await days('--days 2')).length).toBe(4);
  });

  it('no rows in the range is no error, and told', async () => {
    const work = await folderOf({ AAPL });
    const csv = await exported(work, 'AAPL --end 2020-01-01');
    expect([csv.code, csv.stdout, csv.stderr]).toEqual([0, HEADER, 'AAPL: no rows in this range.\n']);
    expect(JSON.parse((await exported(work, 'AAPL --end 2020-01-01 --format json')).stdout)).toEqual([]);
    expect((await exported(work, 'AAPL --end 2020-01-01 --format ndjson')).stdout).toBe('');
  });

  it('a ticker that nobody knows: exit 2, and not a byte; one that is only tracked is told', async () => {
    const work = await folderOf({ AAPL }, { '2024-06-12': barLine('NVDA') });
    const { code, stdout, stderr } = await exported(work, 'AAPL NVDIA NOPE -o ../out.csv');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/holds NVDIA \(did you mean NVDA\?\), NOPE\./);
    expect(readdirSync(work.root).sort()).toEqual(['data', 'home']);
    await work.write('stocks.txt', 'AAPL\nNEVER\n');
    const tracked = await exported(work, '--tracked');
    expect([tracked.code, tracked.stdout]).toEqual([0, HEADER + linesOf('AAPL', AAPL)]);
    expect(tracked.stderr).toBe('NEVER: in no series and no day of the archive.\n');
    expect((await exported(work, 'NEVER --tracked')).code).toBe(2);
  });

  it('what cannot be read is told, the rest is there, and it is exit 3', async () => {
    const work = await folderOf(
      { AAPL, BAD: 'x' },
      { '2024-06-12': barLine('NVDA'), '2024-06-13': barLine('NVDA', 11) },
    );
    await work.write('massive_cache/2024-06-12.csv.gz', 'not gzip');
    const { code, stdout, stderr } = await exported(work, 'BAD AAPL NVDA');
    expect(code).toBe(3);
    expect(stdout).toBe(`${HEADER}${linesOf('AAPL', AAPL)}NVDA,${seriesLine('2024-06-13', 11)}`);
    expect(stderr).toMatch(/BAD_1d_data\.csv cannot be read/);
    expect(stderr).toContain('2024-06-12 cannot be read from the archive');
  });

  it.skipIf(process.platform === 'win32')(
    'a reader that goes away ends it quietly, a full disk with exit 6',
    async () => {
      const long = nyse
        .sessions('2003-09-10', '2024-06-13')
        .map((day) => seriesLine(day))
        .join('');
      const work = await folderOf({ A: long, B: long, C: long });
      for (const format of ['csv', 'json', 'ndjson']) {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's
        const within = ['bash', '-c', '"$@" | head -n 1; exit ${PIPESTATUS[0]}', 'bash'];
        const { code, stdout, stderr } = await exported(work, `A B C --format ${format}`, { within });
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout.trimEnd().split('\n').length).toBe(1);
      }
      if (process.platform !== 'linux') return;
      const full = await exported(work, 'A', { within: ['bash', '-c', '"$@" > /dev/full', 'bash'] });
      expect([full.code, full.stderr]).toEqual([6, expect.stringContaining('the disk is full')]);
    },
  );

  it.each([
    ['', /Say which tickers/],
    ['AAPL --format xml', /--format xml is not known: give csv, json, ndjson/],
    ['AAPL --start 2024-13-01', /not a date/],
    ['AAPL -o nowhere/out.csv', /There is no folder .*nowhere/],
    ['AAPL -o data', /is a folder/],
    ['AAPL -o data/data_cache/AAPL_1d_data.csv', /would lie in .*data_cache/],
    ['--tracked', /No ticker is tracked/],
  ])('%s is refused', async (args, sentence) => {
    const work = await folderOf({ AAPL });
    const before = work.times();
    const { code, stdout, stderr } = await exported(work, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(work.times()).toEqual(before);
  });
});

const script = spawnSync('script', ['--version']).status === 0 && process.platform === 'linux';
it.skipIf(!script)(
  'on a terminal nothing of the data is raw (skipped without util-linux script)',
  async () => {
    const ticker = 'A\u009b2J\u202e';
    const work = await folderOf({ [ticker]: AAPL });
    const list = await work.write('list.txt', `${ticker}\n`);
    const within = ['bash', '-c', 'script -qec "$(printf "%q " "$@")" /dev/null', 'bash'];
    const { code, stdout } = await exported(work, `--file ${list}`, { within });
    expect(code).toBe(0);
    expect(stdout).toContain('A\\x9b2J\\u{202e},2024-06-12,11,12,10,11.5,100');
    // A pipe gets what the series holds.
    expect((await exported(work, `--file ${list}`)).stdout).toBe(HEADER + linesOf(ticker, AAPL));
  },
);

describe('bars of another width', () => {
  const WEEKS = [
    '2024-05-31,10,11,9,10.5,100',
    '2024-06-03,10.5,12.25,10,12,33278552.153126',
    '2024-06-07,12,12,7.0055,8,9007199254740993',
    '2024-06-10,8,8,8,8,0',
    '2024-07-01,9,9,9,9,1',
  ]
    .map((line) => `${line}\n`)
    .join('');

  it.each([
    [
      '1w',
      [
        '2024-05-27,10,11,9,10.5,100',
        '2024-06-03,10.5,12.25,7.0055,8,9007199288019545.153126',
        '2024-06-10,8,8,8,8,0',
        '2024-07-01,9,9,9,9,1',
      ],
    ],
    [
      '1mo',
      [
        '2024-05-01,10,11,9,10.5,100',
        '2024-06-01,10.5,12.25,7.0055,8,9007199288019545.153126',
        '2024-07-01,9,9,9,9,1',
      ],
    ],
    ['3mo', ['2024-04-01,10,12.25,7.0055,8,9007199288019645.153126', '2024-07-01,9,9,9,9,1']],
  ])('%s, for each ticker', async (width, expected) => {
    const work = await folderOf({ AAPL: WEEKS, MSFT: AAPL });
    const { code, stdout, stderr } = await exported(work, `AAPL MSFT --bar ${width}`);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines.filter((line) => line.startsWith('AAPL,'))).toEqual(expected.map((line) => `AAPL,${line}`));
    expect(lines.filter((line) => line.startsWith('MSFT,')).length).toBe(width === '3mo' ? 1 : 2);
  });

  it('are of the days of the range, in every format, and of the archive alike', async () => {
    const work = await folderOf(
      { AAPL: WEEKS },
      { '2024-06-12': barLine('NVDA'), '2024-06-13': barLine('NVDA', 11) },
    );
    const json = await exported(work, 'AAPL --bar 1wk --start 2024-06-04 --end 2024-06-12 --format json');
    expect(JSON.parse(json.stdout)).toEqual([
      {
        ticker: 'AAPL',
        date: '2024-06-03',
        open: 12,
        high: 12,
        low: 7.0055,
        close: 8,
        volume: 9007199254740992,
      },
      { ticker: 'AAPL', date: '2024-06-10', open: 8, high: 8, low: 8, close: 8, volume: 0 },
    ]);
    expect(json.stdout).toContain('"volume":9007199254740993');
    const archived = await exported(work, 'NVDA --bar 1w');
    expect(archived.stdout).toBe(`${HEADER}NVDA,2024-06-10,10,12,9,11.5,200\n`);
  });

  it('a row that is no bar goes into none, and is told; without --bar it is there', async () => {
    const work = await folderOf({ AAPL: `${WEEKS}2024-07-02,9,,5,6,1\n` });
    const { code, stdout, stderr } = await exported(work, 'AAPL --bar 3mo');
    expect([code, stderr]).toEqual([0, 'AAPL: rows that are no bars are left out.\n']);
    expect(stdout).toMatch(/AAPL,2024-07-01,9,9,9,9,1\n$/);
    expect((await exported(work, 'AAPL')).stdout).toMatch(/AAPL,2024-07-02,9,,5,6,1\n$/);
  });

  it('a row without numbers is none', async () => {
    const work = await folderOf({ AAPL: `${WEEKS}2024-07-02,,,,,\n` });
    const { code, stdout, stderr } = await exported(work, 'AAPL');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/AAPL,2024-07-01,9,9,9,9,1\n$/);
  });

  it('out of minutes: in quarters of an hour from 09:30, and as days of the regular session', async () => {
    const minutes = ['09:29', '09:30', '09:44', '09:45', '15:59', '16:00']
      .map((clock, i) => `2024-06-12 ${clock}:00-04:00,${i},9,0,${i + 1},0.1\n`)
      .join('');
    const work = await folderOf({});
    await work.write('data_cache/AAPL_1m_data.csv', `Datetime,Open,High,Low,Close,Volume\n${minutes}`);
    const whole = await exported(work, 'AAPL -t stocks_minute');
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toBe(
      `Ticker,Datetime,Open,High,Low,Close,Volume\n${minutes.replaceAll('2024-06-12', 'AAPL,2024-06-12')}`,
    );
    const quarters = await exported(work, 'AAPL -t stocks_minute --bar 15m --format ndjson');
    expect(quarters.stdout.split('\n')).toEqual([
      '{"ticker":"AAPL","datetime":"2024-06-12 09:15:00-04:00","open":0,"high":9,"low":0,"close":1,"volume":0.1}',
      '{"ticker":"AAPL","datetime":"2024-06-12 09:30:00-04:00","open":1,"high":9,"low":0,"close":3,"volume":0.2}',
      '{"ticker":"AAPL","datetime":"2024-06-12 09:45:00-04:00","open":3,"high":9,"low":0,"close":4,"volume":0.1}',
      '{"ticker":"AAPL","datetime":"2024-06-12 15:45:00-04:00","open":4,"high":9,"low":0,"close":5,"volume":0.1}',
      '{"ticker":"AAPL","datetime":"2024-06-12 16:00:00-04:00","open":5,"high":9,"low":0,"close":6,"volume":0.1}',
      '',
    ]);
    const day = await exported(work, 'AAPL -t stocks_minute --bar 1d --session regular');
    expect(day.stdout).toBe(`${HEADER}AAPL,2024-06-12,1,9,0,5,0.4\n`);
  });

  it.each([
    ['--bar 15m', '--bar 15m needs minutes, and stocks_daily has days only: give -t stocks_minute.'],
    ['--session regular', '--session needs minutes, and stocks_daily has days only: give -t stocks_minute.'],
    ['--bar 1w --session regular', '--session needs minutes, and stocks_daily has days only'],
    ['--bar 2w', '--bar "2w" is not known: give 2m, 5m, 15m, 30m, 1h, 90m, 4h, 1d, 1w, 1mo or 3mo.'],
    ['--bar 1h --session night', '--session "night" is not known: give regular, extended, overnight, all.'],
    ['--bar 1w -t options_daily', "--bar and --session make bars of a ticker's own; options_daily has none."],
  ])('%s is refused', async (args, sentence) => {
    const work = await folderOf({ AAPL });
    const { code, stdout, stderr } = await exported(work, `AAPL ${args}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });
});

describe('to a file', () => {
  it('that is whole or is not there; one that is there is replaced, behind its link too', async () => {
    const work = await folderOf({ AAPL });
    const out = path.join(work.root, 'out');
    await mkdir(out);
    await writeFile(path.join(out, 'real.csv'), 'old');
    await chmod(path.join(out, 'real.csv'), 0o600);
    await symlink('real.csv', path.join(out, 'link.csv'));
    const { code, stdout, stderr } = await exported(work, 'AAPL -o out/link.csv');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^3 rows of 1 ticker in .*link\.csv\n$/);
    expect(readdirSync(out).sort()).toEqual(['link.csv', 'real.csv']);
    expect(readFileSync(path.join(out, 'real.csv'), 'utf8')).toBe(HEADER + linesOf('AAPL', AAPL));
    expect((await exported(work, 'AAPL -o -')).stdout).toBe(HEADER + linesOf('AAPL', AAPL));
  });

  it.skipIf(process.platform !== 'linux')(
    'a device is written into, never replaced; a full one is exit 6',
    async () => {
      const work = await folderOf({ AAPL });
      expect((await exported(work, 'AAPL -o /dev/null')).code).toBe(0);
      expect(readFileSync('/dev/null').length).toBe(0);
      const full = await exported(work, 'AAPL -o /dev/full');
      expect([full.code, full.stderr]).toEqual([6, expect.stringContaining('the disk is full')]);
    },
  );
});

const duckdb = await import('@duckdb/node-api').catch(() => undefined);
it.skipIf(duckdb === undefined)('DuckDB reads it back, as text and as decimals', async () => {
  if (duckdb === undefined) return;
  const volumes = ['33278552.153126', '9007199254740993', '0.000001', '0'];
  const lines = volumes.map((volume, i) => `2024-06-1${i},187.15,188.44,183.885,0.0055,${volume}\n`).join('');
  const work = await folderOf({ NA: lines, TRUE: lines });
  const file = path.join(work.root, 'out.csv');
  await exported(work, `NA TRUE -o ${file}`);
  const instance = await duckdb.DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const query = async (columns: string, options: string): Promise<unknown> =>
    (
      await connection.runAndReadAll(`select ${columns} from read_csv('${file}', header = true${options})`)
    ).getRows();
  expect(await query('*', ', all_varchar = true')).toEqual(
    ['NA', 'TRUE'].flatMap((ticker) =>
      volumes.map((volume, i) => [ticker, `2024-06-1${i}`, '187.15', '188.44', '183.885', '0.0055', volume]),
    ),
  );
  const decimals = ", types = {'Volume': 'DECIMAL(38,6)', 'Date': 'DATE', 'Ticker': 'VARCHAR'}";
  expect(
    await query('sum("Volume")::varchar, max("Date")::varchar, count(distinct "Ticker")::int', decimals),
  ).toEqual([['18014398576039090.306254', '2024-06-13', 2]]);
  connection.closeSync();
  instance.closeSync();
});

it.each([
  ['a.json', '['],
  ['a.ndjson', '{"ticker"'],
  ['a.jsonl', '{"ticker"'],
  ['a.csv', HEADER],
  ['a.txt', HEADER],
])('-o %s says the format', async (name, begins) => {
  const work = await folderOf({ AAPL });
  const { code, stderr } = await exported(work, `AAPL -o ${path.join(work.root, name)}`);
  expect(code, stderr).toBe(0);
  expect(readFileSync(path.join(work.root, name), 'utf8').startsWith(begins)).toBe(true);
});

it('a name that promises another format is refused, unless --format says which is meant', async () => {
  const work = await folderOf({ AAPL });
  const file = path.join(work.root, 'a.parquet');
  expect(await exported(work, `AAPL -o ${file}`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no parquet'),
  });
  expect(readdirSync(work.root)).not.toContain('a.parquet');
  expect((await exported(work, `AAPL -o ${file} --format csv`)).code).toBe(0);
});
