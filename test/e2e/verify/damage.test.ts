/** Each kind of damage by the real command: what finds it, what mends it, and what is never lost. */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { VerifyResult } from '#tasks/verify/result.js';
import { describeWith } from '../../support/others.js';
import {
  barLine,
  dayObjects,
  type Ended,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';

const DAYS = ['2024-05-30', '2024-05-31', '2024-06-03'] as const;
const [FIRST, SECOND, THIRD] = DAYS;
const RANGE = `--start ${FIRST} --end ${THIRD}`;

function textOf(day: string): string {
  const d = DAYS.indexOf(day as (typeof DAYS)[number]);
  return HEADER + barLine('AAPL', 10 + d) + barLine('BApA', 20 + d) + barLine('MSFT', 30 + d, 100 + d);
}

interface Verified extends Ended {
  readonly result: VerifyResult & {
    readonly mended?: readonly { readonly file: string; readonly what: string }[];
  };
}

async function folder(options = '--tickers AAPL,BApA') {
  const sandbox = await market({
    objects: dayObjects(Object.fromEntries(DAYS.map((day) => [day, textOf(day)]))),
  });
  const work = await Workdir.make(sandbox);
  const { code, stderr } = await work.populate(`${RANGE} ${options}`);
  expect(code, stderr).toBe(0);
  const verify = async (...args: string[]): Promise<Verified> => {
    const where = ['--data-dir', work.data, '--endpoint', work.endpoint ?? ''];
    const ended = await work.run(['verify', '--json', ...where, ...args]);
    return { ...ended, result: JSON.parse(ended.stdout).datasets[0] };
  };
  return { sandbox, work, verify, before: work.tiers() };
}

const series = (...days: readonly string[]): string =>
  SERIES_HEADER +
  days.map((day) => seriesLine(day, 10 + DAYS.indexOf(day as (typeof DAYS)[number]))).join('');
const kinds = ({ result }: Verified): string[] => result.damage.map(({ kind }) => kind).sort();

it('a folder as populate leaves it is sound, quickly and deeply, and verify writes nothing', async () => {
  const { work, verify } = await folder();
  const image = work.times();
  for (const args of [[], ['--deep'], ['--repair'], ['--deep', '--repair']]) {
    const { code, result, stderr } = await verify(...args);
    expect(code, stderr).toBe(0);
    expect(result).toMatchObject({ damage: [], harmless: [], leftovers: [], users_rows: { rows: 0 } });
    expect(result.checked).toMatchObject({ days: 3, series: 2, rows: 6 });
    expect(work.times()).toEqual(image);
  }
});

it('files that are gone, cut or empty are found quickly, and are there again after --repair', async () => {
  const { work, verify, before } = await folder();
  const archive = readFileSync(work.at('massive_cache', `${SECOND}.csv.gz`));
  await work.remove('massive_cache', `${FIRST}.csv.gz`);
  await work.write(`massive_cache/${SECOND}.csv.gz`, archive.subarray(0, archive.length - 28));
  await work.write(`massive_cache/${THIRD}.csv.gz`, '');
  await work.write('massive_cache/.toc/2024-06', 'no table');
  await work.remove('data_cache', 'AAPL_1d_data.csv');
  await work.write('data_cache/B_pA_1d_data.csv', 'never mind');
  await work.write('data_cache/BA_pA_1d_data.csv', 'Date,Open\n1,2\n');
  const found = await verify();
  expect(found.code).toBe(7);
  expect(kinds(found)).toEqual([
    'archive-damaged',
    'archive-damaged',
    'archive-gone',
    'series-gone',
    'series-unreadable',
    'series-unreadable',
    'toc-damaged',
  ]);
  const repaired = await verify('--repair');
  expect(repaired.code, repaired.stdout + repaired.stderr).toBe(0);
  expect(repaired.result.damage.map((damage) => 'repaired' in damage && damage.repaired)).toEqual(
    Array.from({ length: 7 }, () => true),
  );
  const { 'data_cache/B_pA_1d_data.csv': _, ...rest } = work.tiers();
  expect(rest).toMatchObject(before);
  // Nothing was thrown away: what could not be read stands beside what took its place.
  const beside = [...readdirSync(work.at('data_cache')), ...readdirSync(work.at('massive_cache'))];
  expect(beside.filter((name) => /\.(unreadable|damaged)-/.test(name)).length).toBe(4 - 1);
  expect((await verify('--deep')).code).toBe(0);
});

it('without the vendor what can be mended here is, the rest stays as it was, and the exit code is 7', async () => {
  const { work, sandbox, before } = await folder();
  await sandbox.close();
  const file = work.at('massive_cache', `${SECOND}.csv.gz`);
  const bytes = readFileSync(file);
  bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 4;
  writeFileSync(file, bytes);
  const other = gzipSync(textOf(FIRST).replace('AAPL', 'AAPM'));
  await work.write(`massive_cache/${FIRST}.csv.gz`, other);
  const cut = work.at('massive_cache', `${THIRD}.csv.gz`);
  writeFileSync(cut, readFileSync(cut).subarray(0, -28));
  await work.write('data_cache/AAPL_1d_data.csv', series(FIRST, SECOND));
  const { code, stdout, stderr } = await work.run([
    'verify',
    '--deep',
    '--repair',
    '--data-dir',
    work.data,
    '--endpoint',
    work.endpoint ?? '',
  ]);
  expect(code, stdout + stderr).toBe(7);
  expect(stderr).toContain('the network gave out');
  expect(stdout).toContain('2 repaired, 2 not');
  expect(readFileSync(file)).toEqual(bytes);
  expect(readFileSync(work.at('massive_cache', `${FIRST}.csv.gz`))).toEqual(other);
  expect(readdirSync(work.at('massive_cache')).length).toBe(5);
  const now = work.tiers();
  expect(now[`massive_cache/${THIRD}.csv.gz`]).toBe(before[`massive_cache/${THIRD}.csv.gz`]);
  expect(work.series('AAPL')).toBe(series(FIRST, SECOND, THIRD));
});

it('a row that somebody edited is theirs and no damage, also before a run has met it; only rebuild takes it', async () => {
  const { work, verify } = await folder();
  const edited = series(FIRST, SECOND, THIRD).replace(seriesLine(SECOND, 11), `${SECOND},1,1,1,1,1\n`);
  await work.write('data_cache/AAPL_1d_data.csv', edited);
  for (const args of [['--deep'], ['--deep', '--repair'], ['--repair'], ['--deep']]) {
    const { code, result } = await verify(...args);
    expect([code, result.damage, readdirSync(work.at('data_cache')).length]).toEqual([0, [], 2]);
    expect(work.series('AAPL')).toBe(edited);
    if (args[0] === '--deep')
      expect(result.kept_files).toEqual([
        { file: 'data_cache/AAPL_1d_data.csv', ticker: 'AAPL', days: [SECOND] },
      ]);
  }
  expect((await work.verb('verify --deep')).stdout).toContain('yours, and kept');
  expect((await work.verb('rebuild AAPL')).code).toBe(0);
  expect(work.series('AAPL')).toBe(series(FIRST, SECOND, THIRD));
});

it('rows that lack come back, and what the user edited in the same file stays, rows of other days too', async () => {
  const { work, verify } = await folder();
  const own = `1999-12-31,1,2,1,2,3\n`;
  const edited = `${SERIES_HEADER}${own}${seriesLine(FIRST, 10)}${THIRD},1,1,1,1,1\n2024-06-04,7,7,7,7,7\n`;
  await work.write('data_cache/AAPL_1d_data.csv', edited);
  const quick = await verify();
  expect([quick.code, quick.result.touched.series]).toEqual([0, ['AAPL']]);
  const found = await verify('--deep');
  expect(found.code).toBe(7);
  expect(found.result.damage).toMatchObject([
    { kind: 'series-differs', ticker: 'AAPL', what: `1 row lacking (${SECOND})` },
  ]);
  expect(found.result.users_rows).toEqual({ series: 1, rows: 2 });
  expect(found.result.kept_rows).toEqual({ series: 1, rows: 1 });
  const repaired = await verify('--deep', '--repair');
  expect(repaired.code, repaired.stderr).toBe(0);
  expect(work.series('AAPL')).toBe(
    SERIES_HEADER +
      own +
      seriesLine(FIRST, 10) +
      seriesLine(SECOND, 11) +
      `${THIRD},1,1,1,1,1\n2024-06-04,7,7,7,7,7\n`,
  );
});

it('bytes that changed under the size and time that barloom left are damage: the archive wins, and they stay beside', async () => {
  const { work, verify } = await folder();
  const file = work.at('data_cache', 'AAPL_1d_data.csv');
  const left = new Date('2024-06-10T12:00:00Z');
  utimesSync(file, left, left);
  expect((await work.populate(RANGE)).code).toBe(0);
  const flipped = series(FIRST, SECOND, THIRD).replace(',12.5,', ',12.7,');
  writeFileSync(file, flipped);
  // What a drive does to a file leaves its time alone.
  utimesSync(file, left, left);
  const found = await verify('--deep');
  expect([found.code, found.result.kept_files]).toEqual([7, []]);
  expect(found.result.damage).toMatchObject([{ what: `1 row not as in the archive (${THIRD})` }]);
  expect((await verify('--deep', '--repair')).code).toBe(0);
  expect(work.series('AAPL')).toBe(series(FIRST, SECOND, THIRD));
  const original = readdirSync(work.at('data_cache')).find((name) => name.includes('.original-')) ?? '';
  expect(work.read('data_cache', original)).toBe(flipped);
});

it('a file that breaks off in its last row is damage, and no run takes the rest for a row of the user’s', async () => {
  for (const mend of ['verify --deep --repair', `populate ${RANGE}`]) {
    const { work, verify } = await folder();
    const whole = series(FIRST, SECOND, THIRD);
    await work.write('data_cache/AAPL_1d_data.csv', whole.slice(0, -3));
    expect(kinds(await verify('--deep'))).toEqual(['series-differs']);
    expect((await work.verb(`${mend} --endpoint ${work.endpoint ?? ''}`)).code).toBe(0);
    expect(work.series('AAPL')).toBe(whole);
  }
});

it('a series that cannot be read keeps its rows of other days', async () => {
  const { work, verify } = await folder();
  const own = '1999-12-31,1,2,1,2,3\n';
  const torn = series(FIRST, SECOND, THIRD)
    .replace(SERIES_HEADER, SERIES_HEADER + own)
    .replace(',11,', ';11,');
  await work.write('data_cache/AAPL_1d_data.csv', torn);
  expect(kinds(await verify())).toEqual(['series-unreadable']);
  expect((await verify('--repair')).code).toBe(0);
  expect(work.series('AAPL')).toBe(series(FIRST, SECOND, THIRD).replace(SERIES_HEADER, SERIES_HEADER + own));
  const aside = readdirSync(work.at('data_cache')).find((name) => name.includes('.unreadable-')) ?? '';
  expect(work.read('data_cache', aside)).toBe(torn);
});

it('a plain gzip in the archive is no damage, and becomes a blocked one of the same text', async () => {
  const { work, verify, before, sandbox } = await folder();
  await sandbox.close();
  await work.write(`massive_cache/${SECOND}.csv.gz`, gzipSync(textOf(SECOND)));
  for (const args of [[], ['--deep']]) {
    const { code, result } = await verify(...args);
    expect([code, result.harmless.map(({ kind }) => kind)]).toEqual([0, ['archive-plain']]);
  }
  expect((await verify('--repair')).code).toBe(0);
  expect(work.tiers()).toEqual(before);
  const again = await verify('--deep');
  expect([again.code, again.result.harmless, again.result.touched.days]).toEqual([0, [], []]);
});

describeWith('htslib', () => {
  it('what htslib’s bgzip wrote is no damage either, and is written again in our own blocks', async () => {
    const { work, verify, before } = await folder();
    const { stdout } = spawnSync('bgzip', ['-c'], { input: textOf(SECOND) });
    await work.write(`massive_cache/${SECOND}.csv.gz`, stdout);
    const found = await verify('--deep');
    expect([found.code, found.result.harmless.map(({ kind }) => kind)]).toEqual([0, ['archive-blocks']]);
    expect((await verify('--deep', '--repair')).code).toBe(0);
    expect(work.tiers()).toEqual(before);
  });
});

it('a day that the vendor does not sort is sound as we keep it, and a plain copy of it is sorted by --repair', async () => {
  const [head = '', ...lines] = textOf(SECOND).trimEnd().split('\n');
  const unsorted = `${[head, ...lines.reverse()].join('\n')}\n`;
  const sandbox = await market({ objects: dayObjects({ [SECOND]: unsorted }) });
  const work = await Workdir.make(sandbox);
  const one = `--start ${SECOND} --end ${SECOND}`;
  expect((await work.populate(`${one} --tickers AAPL`)).code).toBe(0);
  const before = work.tiers();
  const verify = (...args: string[]) => work.run(['verify', '--deep', '--data-dir', work.data, ...args]);
  expect((await verify()).code).toBe(0);
  await sandbox.close();
  await work.remove('progress.json');
  await work.write(`massive_cache/${SECOND}.csv.gz`, gzipSync(unsorted));
  expect((await verify('--repair')).code).toBe(0);
  expect(work.tiers()).toEqual(before);
  expect((await verify()).stdout).toContain('No damage');
});

it('a series in another form loses nothing, and --repair gives it barloom’s', async () => {
  const { work, verify, before } = await folder();
  await work.write('data_cache/AAPL_1d_data.csv', series(FIRST, SECOND, THIRD).replaceAll('\n', '\r\n'));
  for (const args of [[], ['--deep']]) {
    const { code, result } = await verify(...args);
    expect([code, result.harmless.map(({ kind }) => kind)]).toEqual([0, ['series-form']]);
  }
  expect((await verify('--repair')).code).toBe(0);
  expect(work.tiers()).toEqual(before);
});

it('a copy that holds a header and no rows is damaged, and fetched again', async () => {
  const { work, verify, before } = await folder();
  await work.remove('progress.json');
  await work.write(`massive_cache/${SECOND}.csv.gz`, gzipSync(HEADER));
  expect(kinds(await verify('--deep'))).toEqual(['archive-damaged']);
  expect((await verify('--deep', '--repair')).code).toBe(0);
  expect(work.tiers()).toMatchObject(before);
});

it('a copy that holds another text than was fetched gives way to the vendor’s, and stays beside it', async () => {
  const { work, verify, before } = await folder();
  const other = gzipSync(textOf(SECOND).replace('AAPL', 'AAPM'));
  await work.write(`massive_cache/${SECOND}.csv.gz`, other);
  expect(kinds(await verify('--deep'))).toEqual(['archive-changed']);
  const repaired = await verify('--deep', '--repair');
  expect(repaired.code, repaired.stdout).toBe(0);
  expect(work.tiers()).toMatchObject(before);
  const original = readdirSync(work.at('massive_cache')).find((name) => name.includes('.original-')) ?? '';
  expect(readFileSync(work.at('massive_cache', original))).toEqual(other);
});

it('a table of contents that is wrong under a right checksum is found, and no series is judged by it', async () => {
  const { work, verify } = await folder();
  const { parseMonthToc, renderMonthToc } = await import('#store/archive/toc.js');
  const toc = parseMonthToc(readFileSync(work.at('massive_cache', '.toc', '2024-06')));
  const one = toc?.get(THIRD);
  if (toc === undefined || one === undefined) throw new Error('no table');
  toc.set(THIRD, { ...one, tickers: Buffer.from('ZZZZ'), tickerEnds: Uint32Array.of(4) });
  await work.write('massive_cache/.toc/2024-06', renderMonthToc(toc));
  expect(kinds(await verify('--deep'))).toEqual(['toc-damaged']);
  expect((await verify('--deep', '--repair')).code).toBe(0);
  expect(parseMonthToc(readFileSync(work.at('massive_cache', '.toc', '2024-06')))?.get(THIRD)).toEqual(one);
});

it('a damaged progress.json is moved aside and learnt again; the next run has nothing to fetch or to write', async () => {
  const { work, verify, before } = await folder();
  const damaged = work.read('progress.json').replace(FIRST, '2024-05-29');
  await work.write('progress.json', damaged);
  const found = await verify();
  expect([found.code, kinds(found)]).toEqual([7, ['progress-damaged']]);
  expect((await verify('--deep', '--repair')).code).toBe(0);
  const aside = readdirSync(work.data).find((name) => name.includes('.unreadable-')) ?? '';
  expect(work.read(aside)).toBe(damaged);
  const times = (name: string) => work.times()[name];
  const archive = times(`massive_cache/${FIRST}.csv.gz`);
  const { code, summary } = await work.populateJson(RANGE);
  expect([code, summary.requests.get, summary.ticker_days.added]).toEqual([0, 0, 0]);
  expect(work.tiers()).toEqual(before);
  expect(times(`massive_cache/${FIRST}.csv.gz`)).toBe(archive);
});

it('a day that the vendor has replaced meanwhile comes back as it is now, and the series with it', async () => {
  const { work, verify, sandbox } = await folder();
  await sandbox.replace(keyOf(SECOND), gzipSync(textOf(SECOND).replace('11.5', '11.75')));
  await work.write(`massive_cache/${SECOND}.csv.gz`, 'damaged');
  const { code, stdout } = await verify('--deep', '--repair');
  expect(code, stdout).toBe(0);
  expect(work.archiveText(SECOND)).toContain('11.75');
  expect(work.series('AAPL')).toBe(series(FIRST, SECOND, THIRD).replace('11.5,', '11.75,'));
});

it('a correction that waits for a ticker to be asked for again is told, and no damage', async () => {
  const { work, verify, sandbox } = await folder();
  await sandbox.replace(keyOf(SECOND), gzipSync(textOf(SECOND).replace('11.5', '11.75')));
  await work.write('only.txt', 'BApA\n');
  await work.remove('tracked.txt');
  expect((await work.populate(`${RANGE} --recheck --ticker-files only.txt`)).code).toBe(0);
  expect(work.series('AAPL')).toContain('11.5');
  const { code, result } = await verify('--deep');
  expect([code, result.damage, result.waiting]).toEqual([0, [], ['AAPL']]);
});

it('a number of rows that is not the copy’s is progress.json’s mistake', async () => {
  const { work, verify, before } = await folder();
  const unchecked = work.read('progress.json').replace(/,"check":.*\n/, '}\n');
  await work.write('progress.json', unchecked.replace('"rows":3', '"rows":4'));
  expect(kinds(await verify('--deep'))).toEqual(['progress-wrong']);
  expect((await verify('--deep', '--repair')).code).toBe(0);
  expect(work.tiers()).toEqual(before);
});

it('a file that was only touched is no damage, and a copy made by other means is learnt', async () => {
  const { work, verify } = await folder();
  utimesSync(work.at('massive_cache', `${SECOND}.csv.gz`), new Date('2025-01-01'), new Date('2025-01-01'));
  utimesSync(work.at('data_cache', 'AAPL_1d_data.csv'), new Date('2025-01-01'), new Date('2025-01-01'));
  await work.write(`massive_cache/2024-06-04.csv.gz`, gzipSync(textOf(THIRD)));
  await work.write('data_cache/MSFT_1d_data.csv', SERIES_HEADER + seriesLine(FIRST, 30));
  const { code, result } = await verify('--deep');
  expect([code, result.damage]).toEqual([0, []]);
  expect(result.touched).toEqual({ days: [SECOND], series: ['AAPL'] });
  expect(result.unrecorded).toEqual({ days: ['2024-06-04'], series: ['MSFT'] });
});

it('a range looks at its days only', async () => {
  const { work, verify } = await folder();
  await work.write(`massive_cache/${FIRST}.csv.gz`, 'damaged');
  await work.write('data_cache/AAPL_1d_data.csv', series(FIRST, SECOND, THIRD).replace('10.5', '11.5'));
  const { code, result } = await verify('--deep', '--start', SECOND);
  expect([code, result.checked.days, result.damage]).toEqual([0, 2, []]);
  expect((await verify('--deep', '--end', FIRST, '--start', FIRST)).code).toBe(7);
});

it('who writes in the folder is named; verify looks on, and --repair leaves at once with 11', async () => {
  const { work } = await folder();
  const { acquireLock } = await import('#platform/lock/lock.js');
  const lock = await acquireLock({ folder: work.data, command: 'populate', now: new Date() });
  const plain = await work.run(['verify', '--deep', '--data-dir', work.data]);
  expect([plain.code, plain.stderr]).toEqual([0, expect.stringContaining('is at work in this folder')]);
  const repair = await work.run(['verify', '--repair', '--data-dir', work.data]);
  expect([repair.code, repair.stderr]).toEqual([11, expect.stringContaining('in use by barloom populate')]);
  await lock.release();
});

it('an empty folder says what to run first', async () => {
  const work = await Workdir.make();
  const { code, stderr } = await work.run(['verify', '--data-dir', work.data]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('barloom populate')]);
});
