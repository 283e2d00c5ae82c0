/** What each option of populate does, seen from outside. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addsUp,
  barLine,
  dayObjects,
  getsOf,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';

/** Three sessions of three tickers, by hand. */
const DAYS = ['2024-05-01', '2024-05-02', '2024-05-03'];
const TEXT = HEADER + ['AAPL', 'BApA', 'MSFT'].map((ticker) => barLine(ticker)).join('');
const THREE = '--start 2024-05-01 --end 2024-05-03';
const objects = dayObjects(Object.fromEntries(DAYS.map((day) => [day, TEXT])));
const AAPL = SERIES_HEADER + DAYS.map((day) => seriesLine(day)).join('');

function seriesNames(work: Workdir): readonly string[] {
  const names = Object.keys(work.tiers()).filter((name) => name.startsWith('data_cache/'));
  return names.map((name) => name.slice('data_cache/'.length, -'_1d_data.csv'.length));
}

describe('the range', () => {
  it.each([
    ['--days 7', '2024-06-07', '2024-06-13'],
    ['--days 1', '2024-06-13', '2024-06-13'],
    ['--months 1', '2024-05-14', '2024-06-13'],
    ['--months 12 --end 2023-11-11', '2022-11-12', '2023-11-11'],
    ['--months 1 --end 2024-03-31', '2024-03-01', '2024-03-31'],
    ['-s 2024-05-01 -e 2024-05-03', '2024-05-01', '2024-05-03'],
    ['--start 2024-05-06', '2024-05-06', '2024-06-13'],
    ['--start 2024-06-10 --end 2024-07-10', '2024-06-10', '2024-07-10'],
  ])('%s is %s to %s', async (args, start, end) => {
    const work = await Workdir.make(await market());
    const { code, summary, document } = await work.populateJson(`${args} --tickers AAPL --dry-run`);
    expect(code).toBe(0);
    expect(summary.range).toEqual({ start, end });
    expect(addsUp(summary)).toBe(true);
    expect(document).toMatchObject({ schema_version: 1, command: 'populate', dry_run: true, exit_code: 0 });
    expect(work.has()).toBe(false);
  });

  it('a week holds no session that is not due, and reaches into the future without an error', async () => {
    const work = await Workdir.make(await market());
    const { code, summary } = await work.populateJson('--start 2024-06-12 --end 2024-06-19 --tickers AAPL');
    expect(code).toBe(0);
    // 12 and 13 are there, 14, 17 and 18 are to come, 19 is a holiday.
    expect(summary.days).toMatchObject({ sessions: 5, fetched: 2, pending: 3 });
    expect(summary.problems).toEqual([]);
  });
});

describe('the tickers', () => {
  it('come from the lists in the folder, or from those that are named, and --tickers are kept in tracked.txt', async () => {
    const work = await Workdir.make(await market({ objects }));
    await work.write('ibd.txt', '\uFEFF# mine\r\nSymbol,Name\r\nAAPL,Apple\r\n\r\n');
    await work.write('my.txt', 'MSFT\n');
    expect((await work.populate(THREE)).code).toBe(0);
    expect(seriesNames(work)).toEqual(['AAPL']);
    expect((await work.populate(`${THREE} --ticker-files my.txt`)).code).toBe(0);
    expect(seriesNames(work)).toEqual(['AAPL', 'MSFT']);
    const { code } = await work.populate(`${THREE} --ticker-files my.txt --tickers BApA,BApA`);
    expect(code).toBe(0);
    expect(work.read('tracked.txt')).toBe('BApA\n');
    expect(seriesNames(work)).toEqual(['AAPL', 'BA_pA', 'MSFT']);
    await work.write('tracked.txt', '# keep this\nBApA');
    await work.populate(`${THREE} --tickers MSFT`);
    expect(work.read('tracked.txt')).toBe('# keep this\nBApA\nMSFT\n');
    expect(work.series('AAPL')).toBe(AAPL);
  });

  it('one that no day has is told, with the one that was perhaps meant', async () => {
    const work = await Workdir.make(await market({ objects }));
    for (let run = 0; run < 2; run++) {
      const { code, summary, stderr } = await work.populateJson(`${THREE} --tickers AAPL,BAPA,ZZZZ`);
      expect(code, stderr).toBe(0);
      expect(summary.tickers).toEqual({
        tracked: 3,
        never_seen: ['BAPA', 'ZZZZ'],
        // The second run has nothing to do, and opens no day only to suggest from it.
        suggestions: run === 0 ? { BAPA: 'BApA' } : {},
        unusable_lists: [],
        weeklies: {},
      });
    }
    const { stdout } = await work.populate(`${THREE} --tickers bapa`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'never seen in the days read: BAPA (did you mean BApA?), ZZZZ, bapa (did you mean BApA?)',
    );
  });

  it('--all-tickers makes a series of each, --archive-only none, --no-save-others keeps no archive', async () => {
    const sandbox = await market({ objects });
    const all = await Workdir.make(sandbox);
    expect((await all.populateJson(`${THREE} --all-tickers`)).summary.tickers.tracked).toBe(null);
    expect(seriesNames(all)).toEqual(['AAPL', 'BA_pA', 'MSFT']);
    expect(all.series('AAPL')).toBe(AAPL);

    const archive = await Workdir.make(sandbox);
    expect((await archive.populate(`${THREE} --archive-only`)).code).toBe(0);
    expect(Object.keys(archive.tiers())).toEqual(DAYS.map((day) => `massive_cache/${day}.csv.gz`));
    expect(archive.has('tracked.txt')).toBe(false);

    const others = await Workdir.make(sandbox);
    const before = await getsOf(sandbox);
    expect((await others.populate(`${THREE} --no-save-others --tickers AAPL`)).code).toBe(0);
    expect(Object.keys(others.tiers())).toEqual(['data_cache/AAPL_1d_data.csv']);
    expect(others.series('AAPL')).toBe(AAPL);
    // Which days were looked up is remembered: nothing is fetched again.
    const times = others.times();
    expect((await others.populateJson(`${THREE} --no-save-others`)).summary.days.unchanged).toBe(3);
    expect(await getsOf(sandbox)).toEqual(
      Object.fromEntries(DAYS.map((day) => [keyOf(day), (before[keyOf(day)] ?? 0) + 1])),
    );
    expect(others.times()).toEqual(times);
  });
});

describe('--force', () => {
  it('fetches again what is here, and says what differs', async () => {
    const sandbox = await market({ objects });
    const work = await Workdir.make(sandbox);
    await work.populate(`${THREE} --tickers AAPL`);
    const tiers = work.tiers();
    const same = await work.populateJson(`${THREE} --force`);
    expect(same.code).toBe(0);
    expect(same.summary.days).toMatchObject({ fetched: 3 });
    expect(same.summary.replaced).toEqual([]);
    expect(same.summary.ticker_days).toMatchObject({ added: 0, unchanged: 3, corrected: 0 });
    expect(work.tiers()).toEqual(tiers);
    const [changed] = [...dayObjects({ '2024-05-02': TEXT.replace('AAPL,100,', 'AAPL,101,') }).values()];
    await sandbox.replace(keyOf('2024-05-02'), changed ?? new Uint8Array());
    const other = await work.populateJson(`${THREE} --force`);
    expect(other.code).toBe(0);
    expect(other.summary.replaced).toMatchObject([{ day: '2024-05-02', added: 0, removed: 0, changed: 1 }]);
    expect(other.summary.ticker_days).toMatchObject({ added: 0, unchanged: 2, corrected: 1 });
    expect(work.series('AAPL')).toBe(
      AAPL.replace(seriesLine('2024-05-02'), seriesLine('2024-05-02', 10, 101)),
    );
  });
});

describe('--dry-run', () => {
  it('writes nothing, not even a lock or a folder, and says what would be fetched', async () => {
    const sandbox = await market({ objects });
    const work = await Workdir.make(sandbox);
    const fresh = await work.populate(`${THREE} --tickers AAPL --dry-run`);
    expect(fresh.code).toBe(0);
    expect(fresh.stdout).toMatch(/3 available/);
    expect(fresh.stdout).toContain('Nothing was written');
    expect(work.has()).toBe(false);
    expect((await sandbox.requests()).gets).toBe(0);

    await work.populate('--start 2024-05-01 --end 2024-05-02 --tickers AAPL');
    await work.write('data_cache/MSFT_1d_data.csv', 'this is no series');
    await work.write('progress.ndjson', '{"torn');
    const times = work.times();
    const { code, summary } = await work.populateJson(`${THREE} --tickers MSFT --dry-run`);
    expect(code).toBe(0);
    expect(summary.days).toMatchObject({ sessions: 3, available: 3 });
    expect(summary.bytes.to_fetch).toBe(objects.get(keyOf('2024-05-03'))?.length);
    expect(summary.bytes.needed).toBeGreaterThan(0);
    expect(work.times()).toEqual(times);
  });
});

describe('what is told', () => {
  it('--json: one document on stdout, NDJSON on stderr', async () => {
    const work = await Workdir.make(await market({ objects }));
    const { summary, document, stderr } = await work.populateJson(`${THREE} --tickers AAPL,NONE`);
    expect(addsUp(summary)).toBe(true);
    expect(document).toEqual({
      schema_version: 1,
      command: 'populate',
      exit_code: 0,
      seconds: expect.any(Number),
      datasets: [
        {
          dataset: 'stocks_daily',
          range: { start: '2024-05-01', end: '2024-05-03' },
          days: {
            sessions: 3,
            fetched: 3,
            from_archive: 0,
            unchanged: 0,
            pending: 0,
            missing: 0,
            available: 0,
            denied: 0,
            failed: 0,
            pruned: 0,
            extra: 0,
          },
          extra: [],
          left_out: [],
          accepted: [],
          problems: [],
          replaced: [],
          ticker_days: { added: 3, unchanged: 0, corrected: 0, kept: 0 },
          tickers: { tracked: 2, never_seen: ['NONE'], suggestions: {}, unusable_lists: [], weeklies: {} },
          quality: { not_bars: 0, doubles: 0, off_day: DAYS, off_date: 0 },
          requests: { list: 1, get: 3, retried: 0 },
          bytes: {
            downloaded: [...objects.values()].reduce((sum, { length }) => sum + length, 0),
            to_fetch: [...objects.values()].reduce((sum, { length }) => sum + length, 0),
            needed: expect.any(Number),
          },
          times: { download_seconds: expect.any(Number), work_seconds: expect.any(Number) },
          folders: { series: work.at('data_cache'), archive: work.at('massive_cache') },
        },
      ],
    });
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events[0]).toMatchObject({ type: 'started', dataset: 'stocks_daily', sessions: 3 });
    expect(events.filter(({ type }) => type === 'day').length).toBe(3);
  });

  it('a line a day when piped, in the agreed form, without a single escape; the summary fits 80 columns', async () => {
    const work = await Workdir.make(await market({ tickers: 300 }));
    for (const env of [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }, { FORCE_COLOR: '1' }]) {
      await work.remove().catch(() => undefined);
      const { stderr, stdout } = await work.populate(
        '--start 2024-05-01 --end 2024-05-31 --tickers AAPL,BRK.B',
        { env },
      );
      const lines = stderr.split('\n').filter((line) => line.startsWith('['));
      expect(lines.length).toBe(22);
      for (const [n, line] of lines.entries()) {
        expect(line).toMatch(
          /^\[ ?\d+\/22\] 2024-05-\d\d {2}s3 {2}2 tickers: 2 added, 0 unchanged {2}\d+\.\ds$/,
        );
        expect(line.slice(1, 3)).toBe(String(n + 1).padStart(2));
      }
      expect(stdout + stderr).not.toContain('\u001b');
      expect(stdout + stderr).not.toContain('\r');
      const wide = stdout.split('\n').filter((line) => line.length > 79 && !line.includes(work.root));
      expect(wide).toEqual([]);
      for (const part of [
        '2024-05-01 to 2024-05-31',
        '22 fetched',
        '44 added',
        'series',
        'archive',
        'Complete.',
      ]) {
        expect(stdout).toContain(part);
      }
    }
  });

  it('--quiet: only the summary, and troubles', async () => {
    const work = await Workdir.make(await market({ objects, missing: ['2024-05-06'] }));
    const good = await work.populate(`${THREE} --tickers AAPL --quiet`);
    expect(good.stderr).toBe('');
    const bad = await work.populate('--start 2024-05-01 --end 2024-05-06 --quiet');
    expect(bad.code).toBe(3);
    expect(bad.stderr).toBe('2024-05-06  missing: overdue, and the vendor does not list it\n');
  });

  it('--log-file: every event as NDJSON with a time, at the level that was asked for', async () => {
    const work = await Workdir.make(await market({ objects }));
    const log = path.join(work.root, 'run.log');
    await work.populate(`${THREE} --tickers AAPL --log-file ${log} --log-level trace`);
    await work.populate(`${THREE} --tickers AAPL --log-file ${log} --log-level warn --force`);
    const lines = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ type }) => type === 'day').length).toBe(3);
    expect(lines.some(({ type }) => type === 'worked')).toBe(true);
    expect(lines.every(({ time }) => !Number.isNaN(Date.parse(String(time))))).toBe(true);
    expect(lines.filter(({ type }) => type === 'quality').length).toBe(6);
  });

  it.each(['stocks.txt', 'mine.txt', 'barloom.json', 'massive_cache/2024-05-01.csv.gz', 'data_cache/A.csv'])(
    '--log-file %s is no place for a log',
    async (name) => {
      const work = await Workdir.make(await market({ objects }));
      await work.write('mine.txt', 'AAPL\n');
      const file = await work.write(name, name === 'barloom.json' ? '{}' : 'AAPL\n');
      const { code, stderr } = await work.populate(`${THREE} --ticker-files mine.txt --log-file ${file}`, {
        cwd: work.data,
      });
      expect(code, stderr).toBe(2);
      expect(stderr).toContain('--log-file');
      expect(readFileSync(file, 'utf8')).not.toContain('level');
    },
  );
});

describe('where a setting comes from', () => {
  it('flag, then environment, then the folder’s barloom.json, then the user’s config.json', async () => {
    const sandbox = await market({ objects });
    const work = await Workdir.make(sandbox);
    await work.write(
      '../home/.config/barloom/config.json',
      JSON.stringify({ endpoint: 'http://127.0.0.1:9', saveOthers: false }),
    );
    await work.write(
      'barloom.json',
      JSON.stringify({ endpoint: sandbox.endpoint, dataDir: '/not/from/here' }),
    );
    work.endpoint = undefined;
    expect((await work.populate(`${THREE} --tickers AAPL`)).code).toBe(0);
    expect(Object.keys(work.tiers())).toEqual(['data_cache/AAPL_1d_data.csv']);
    const archive = path.join(work.root, 'elsewhere');
    const env = { BARLOOM_SAVE_OTHERS: '1', BARLOOM_ARCHIVE_DIR: archive, BARLOOM_CONCURRENCY: '2' };
    expect((await work.populate(THREE, { env })).code).toBe(0);
    expect(readFileSync(path.join(archive, '2024-05-01.csv.gz')).length).toBeGreaterThan(0);
    const wrong = await work.populate(THREE, { env: { BARLOOM_CONCURRENCY: 'many' } });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('BARLOOM_CONCURRENCY');
    expect(
      (await work.populate(`${THREE} --concurrency 3`, { env: { BARLOOM_CONCURRENCY: 'many' } })).code,
    ).toBe(0);
    await work.write('barloom.json', '{"concurency":3}');
    const typo = await work.populate(THREE);
    expect(typo.code).toBe(2);
    expect(typo.stderr).toContain('concurency');
  });

  it('--rate-limit holds requests back', async () => {
    const work = await Workdir.make(await market({ objects }));
    const { code, ms } = await work.populate(`${THREE} --tickers AAPL --rate-limit 2`);
    expect(code).toBe(0);
    expect(ms).toBeGreaterThan(1000);
  });
});
