/**
 * add: out of the archive alone, what it would have been if tracked from the start; and nothing of the user's
 * is lost.
 */
import { appendFileSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import { getsOf, market, SERIES_HEADER, Workdir } from '../../support/workdir.js';

const MAY = '--start 2024-05-01 --end 2024-05-31';
const SESSIONS = 22;

const filled = filledOnce(`${MAY} --tickers AAPL,BRK.B`);

interface AddDocument {
  readonly exit_code: number;
  readonly datasets: readonly {
    readonly days: { readonly archived: number; readonly read: number };
    readonly tickers: readonly {
      readonly ticker: string;
      readonly bars: number;
      readonly was_tracked: boolean;
    }[];
    readonly unknown: readonly { readonly ticker: string; readonly near: readonly string[] }[];
    readonly lacking: readonly { readonly day: string; readonly state: string }[];
    readonly damaged: readonly { readonly day: string }[];
    readonly ticker_days: { readonly added: number; readonly unchanged: number; readonly kept: number };
  }[];
}

async function addJson(work: Workdir, args: string) {
  const ended = await work.verb(`add ${args} --json`);
  const [result] = (JSON.parse(ended.stdout) as AddDocument).datasets;
  if (result === undefined) throw new Error(ended.stderr);
  return { ...ended, result };
}

it('a pattern adds what fits of the newest day, and one that nothing fits is refused', async () => {
  const { work } = await filled();
  const like = (await work.verb('tickers --like BRK*')).stdout.trimEnd().split('\n');
  const { code, result } = await addJson(work, 'BRK*');
  expect(code).toBe(0);
  expect(result.tickers.map(({ ticker }) => ticker).sort()).toEqual(like.sort());
  const none = await work.verb('add zzz*');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('matches zzz*') });
});

it('an added series is what it would have been if tracked from the start, and asks nobody', async () => {
  const { work, sandbox } = await filled();
  const whole = await Workdir.make(sandbox);
  await whole.populate(`${MAY} --tickers AAPL,BRK.B,BCpC,TRUE,NA`);
  const served = await sandbox.requests();
  const { code, result } = await addJson(work, 'BCpC TRUE,NA');
  expect(code).toBe(0);
  expect(result.days).toEqual({ archived: SESSIONS, read: SESSIONS });
  expect(result.tickers.map(({ ticker, bars }) => [ticker, bars])).toEqual([
    ['BCpC', SESSIONS],
    ['TRUE', SESSIONS],
    ['NA', SESSIONS],
  ]);
  expect(result.ticker_days).toMatchObject({ added: 3 * SESSIONS, kept: 0 });
  expect(work.tiers()).toEqual(whole.tiers());
  expect(work.read('tracked.txt')).toBe('AAPL\nBRK.B\nBCpC\nTRUE\nNA\n');
  expect(await sandbox.requests()).toEqual(served);

  // Again: nothing is read, nothing written.
  const times = work.times();
  const again = await addJson(work, 'BCpC');
  expect(again.result.days.read).toBe(0);
  expect(again.result.tickers).toMatchObject([{ was_tracked: true, bars: 0 }]);
  expect(work.times()).toEqual(times);

  // And populate finds nothing left to do.
  const { summary } = await work.populateJson(MAY);
  expect(summary.days).toMatchObject({ unchanged: SESSIONS, fetched: 0, from_archive: 0 });
});

it('add only reads the members that can hold the ticker', async () => {
  const sandbox = await market({ tickers: 3000 });
  const work = await Workdir.make(sandbox);
  expect((await work.populate(`${MAY} --tickers AAPL,BRK.B`)).code).toBe(0);
  const file = work.at('massive_cache', '2024-05-15.csv.gz');
  const bytes = readFileSync(file);
  // Half a millisecond more: seconds as a float may lose one.
  const mtime = (Math.floor(statSync(file).mtimeMs) + 0.5) / 1000;
  // A flipped byte in the text of the last member does not concern the first tickers.
  const at = bytes.length - 28 - 8 - 20;
  bytes.writeUInt8(0xff ^ bytes.readUInt8(at), at);
  writeFileSync(file, bytes);
  utimesSync(file, mtime, mtime);
  expect((await addJson(work, 'AMD')).result).toMatchObject({ damaged: [] });

  // Whoever stands in it hears of it, gets all other days, and is told what mends it.
  const { stdout } = await work.verb('tickers');
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const { code, result } = await addJson(work, last);
  expect(code).toBe(3);
  expect(result.damaged).toMatchObject([{ day: '2024-05-15' }]);
  expect(result.ticker_days.added).toBe(SESSIONS - 1);
  const { stdout: told } = await work.verb(`add ${last}`);
  expect(told).toContain('barloom verify --repair');
});

it('a ticker that no day holds is not tracked, near ones are suggested, and the others are added', async () => {
  const { work } = await filled();
  const { code, stdout, stderr } = await work.verb('add NVDIA');
  expect(code, stderr).toBe(2);
  expect(stdout).toMatch(/NVDIA +not tracked: no day holds it\. Did you mean NVDA/);
  expect(work.read('tracked.txt')).toBe('AAPL\nBRK.B\n');

  const both = await addJson(work, 'nvda NFLX');
  expect(both.code).toBe(2);
  expect(both.result.unknown).toMatchObject([{ ticker: 'nvda', near: ['NVDA'] }]);
  expect(work.read('tracked.txt')).toBe('AAPL\nBRK.B\nNFLX\n');
  expect(work.has('data_cache', 'NFLX_1d_data.csv')).toBe(true);
  expect(work.has('data_cache', '_n_v_d_a_1d_data.csv')).toBe(false);
});

it("the user's rows stay, also where the vendor has another", async () => {
  const { work } = await filled();
  const theirs = `${SERIES_HEADER}1999-01-04,1,1,1,1,1\n2024-05-02,9,9,9,9,9\n`;
  await work.write('data_cache/NVDA_1d_data.csv', theirs);
  const { code, result } = await addJson(work, 'NVDA');
  expect(code).toBe(0);
  expect(result.ticker_days).toMatchObject({ added: SESSIONS - 1, kept: 1 });
  expect(work.series('NVDA')).toContain('1999-01-04,1,1,1,1,1\n2024-05-01,');
  expect(work.series('NVDA')).toContain('2024-05-02,9,9,9,9,9\n');
});

it('a list of tickers, and lists that name them already', async () => {
  const { work } = await filled();
  await work.write('watch.csv', '\uFEFFSymbol,Note\r\nNVDA,x\r\n"BRK.B",y\r\n# none\r\nAAp,z\r\n');
  const { code, result } = await addJson(work, `--file ${work.at('watch.csv')}`);
  expect(code).toBe(0);
  expect(result.tickers.map(({ ticker, was_tracked }) => [ticker, was_tracked])).toEqual([
    ['NVDA', false],
    ['BRK.B', true],
    ['AAp', false],
  ]);
  expect(work.read('tracked.txt')).toBe('AAPL\nBRK.B\nNVDA\nAAp\n');
  expect((await work.verb('add --file nowhere.csv')).code).toBe(2);
  expect((await work.verb('add')).code).toBe(2);
});

it('a range is read and no more; sessions of it that the archive lacks are told, and fetched if asked', async () => {
  const { work, sandbox } = await filled();
  const some = await addJson(work, 'NVDA --start 2024-05-20 --end 2024-05-24');
  expect(some.code).toBe(0);
  expect(some.result.ticker_days.added).toBe(5);
  expect(work.series('NVDA').split('\n').length).toBe(7);

  // Without a start it is the archive's first day.
  expect(await addJson(work, 'AMD --end 2024-05-10')).toMatchObject({
    code: 0,
    result: { ticker_days: { added: 8 } },
  });

  const beyond = await addJson(work, 'NVDA --start 2024-05-28 --end 2024-06-05');
  expect(beyond.code).toBe(3);
  expect(beyond.result.lacking.map(({ day }) => day)).toEqual(['2024-06-03', '2024-06-04', '2024-06-05']);

  const before = await getsOf(sandbox);
  const fetched = await work.run([
    ...['add', 'NVDA', '--start', '2024-05-28', '--end', '2024-06-05', '--fetch'],
    ...['--data-dir', work.data, '--endpoint', sandbox.endpoint],
  ]);
  expect(fetched.code, fetched.stderr).toBe(0);
  const gets = Object.entries(await getsOf(sandbox)).filter(([key, n]) => n !== (before[key] ?? 0));
  expect(gets.map(([key]) => key.slice(-17, -7)).sort()).toEqual(['2024-06-03', '2024-06-04', '2024-06-05']);
  expect(work.series('NVDA')).toContain('2024-06-05,');
  // What lies between the ranges is filled by the next one.
  expect((await addJson(work, 'NVDA')).result.ticker_days.added).toBe(25 - 5 - 4 - 3);
});

it('a plain .csv.gz of another tool is read whole', async () => {
  const { work, sandbox } = await filled();
  const whole = await Workdir.make(sandbox);
  await whole.populate(`${MAY} --tickers AAPL,BRK.B,NVDA`);
  const text = work.archiveText('2024-05-15');
  writeFileSync(work.at('massive_cache', '2024-05-15.csv.gz'), gzipSync(text));
  expect((await addJson(work, 'NVDA')).code).toBe(0);
  expect(work.series('NVDA')).toBe(whole.series('NVDA'));
});

it('thousands at once are what they are one by one', async () => {
  const sandbox = await market({ tickers: 1500 });
  const work = await Workdir.make(sandbox);
  // 250 sessions: beyond what is merged in one thread.
  expect((await work.populate('--months 12 --tickers AAPL')).code).toBe(0);
  const whole = await work.copy();
  const market1 = (await work.verb('tickers')).stdout.trim().split('\n');
  await work.write('all.txt', `${market1.join('\n')}\nNOSUCHTICKER\n`);
  const { code, result } = await addJson(work, `--file ${work.at('all.txt')}`);
  expect(code).toBe(2);
  expect(result.unknown).toMatchObject([{ ticker: 'NOSUCHTICKER' }]);
  expect(result.tickers.length).toBe(market1.length);
  await whole.populate('--months 12 --all-tickers');
  for (const name of Object.keys(work.tiers()).filter((file) => file.startsWith('data_cache')))
    expect(work.read(name), name).toBe(whole.read(name));
  const { summary } = await work.populateJson('--months 12');
  expect(summary.days).toMatchObject({ fetched: 0, from_archive: 0 });
});

it('killed at any instant, it leaves nothing torn, and again it ends with the same bytes', async () => {
  const { work, sandbox } = await filled();
  const whole = await Workdir.make(sandbox);
  await whole.populate(`${MAY} --tickers AAPL,BRK.B,NVDA`);
  const bytes = whole.series('NVDA');
  for (let ms = 60; ms < 180; ms += 12) {
    await work.verb('add NVDA', { killAfterMs: ms });
    if (work.has('data_cache', 'NVDA_1d_data.csv')) expect(work.series('NVDA')).toBe(bytes);
    if (ms % 24 === 0) {
      await work.verb('add NVDA');
      expect(work.series('NVDA')).toBe(bytes);
      expect((await work.verb('remove NVDA --delete --yes')).code).toBe(0);
      expect(work.has('data_cache', 'NVDA_1d_data.csv')).toBe(false);
    }
  }
  await work.verb('add NVDA');
  expect(work.series('NVDA')).toBe(bytes);
  const { summary } = await work.populateJson(MAY);
  expect(summary.days).toMatchObject({ fetched: 0, from_archive: 0 });
});

it('a torn journal is folded before anything is written behind it', async () => {
  const { work } = await filled();
  expect((await work.verb('add NVDA')).code).toBe(0);
  expect(work.has('progress.ndjson')).toBe(true);
  appendFileSync(work.at('progress.ndjson'), '{"step":"looked-up","data');
  expect(await work.verb('add NFLX')).toMatchObject({ code: 0, stderr: '' });
  expect((await work.verb('add AMD')).code).toBe(0);
  const { stderr, summary } = await work.populateJson(MAY);
  expect(stderr).not.toContain('could not be read');
  expect(summary.days).toMatchObject({ fetched: 0, from_archive: 0 });
});

it('an empty folder says what to run first', async () => {
  const work = await Workdir.make();
  const { code, stderr } = await work.verb('add NVDA');
  expect(code).toBe(2);
  expect(stderr).toContain('barloom populate');
  expect(work.has('tracked.txt')).toBe(false);
});

it('--file - takes a list from stdin', async () => {
  const { work } = await filled();
  const ended = await work.verb('add --file -', {
    within: ['sh', '-c', 'printf "Symbol\\nNA\\nTRUE\\n" | "$0" "$@"'],
  });
  expect(ended.code, ended.stderr).toBe(0);
  expect(work.read('tracked.txt').split('\n')).toEqual(expect.arrayContaining(['NA', 'TRUE']));
});
