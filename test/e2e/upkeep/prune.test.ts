/**
 * prune deletes the market: only what it said, only when it was told to, and populate does not bring it back
 * by itself.
 */
import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';
import { parseMonthToc } from '#store/archive/toc.js';
import { withDays } from '#store/ledger/day-ranges.js';
import { type DatasetProgress, isLookedUp } from '#store/ledger/model.js';
import { lackingTickers, planPrune } from '#tasks/upkeep/prune.js';
import { statesOf } from '../../support/workdir.js';
import { command, days, filledFolders, gets, RANGE } from './folder.js';

const filled = filledFolders();

/** Twenty calendar days up to the newest of RANGE: from 2024-05-12 on. */
const KEEP = 'prune --keep-days 20';
const GOES = (day: string): boolean => day < '2024-05-12';

describe('what goes', () => {
  const archive = fc
    .uniqueArray(fc.integer({ min: 0, max: 2000 }), { maxLength: 40 })
    .map((offsets) =>
      offsets.sort((a, b) => a - b).map((n) => ({ day: addDays('2019-01-01', n), bytes: n })),
    );

  it('is exactly what lies outside of the window up to the newest day, which always stays', () => {
    fc.assert(
      fc.property(archive, fc.integer({ min: 1, max: 999_999 }), (archived, keepDays) => {
        const { remove, stay } = planPrune(archived, { days: new Map() }, keepDays);
        expect([...remove, ...stay]).toEqual(archived);
        const newest = archived.at(-1)?.day;
        if (newest === undefined) return;
        expect(stay.at(-1)?.day).toBe(newest);
        for (const { day } of stay) expect(daysBetween(day, newest)).toBeLessThan(keepDays);
        for (const { day } of remove) expect(daysBetween(day, newest)).toBeGreaterThanOrEqual(keepDays);
      }),
    );
  });

  it('is told with the tickers that were not looked up on all of it', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((n) => `2024-05-${String(n).padStart(2, '0')}`);
    const ranges = fc.array(day, { maxLength: 8 }).map((list) => withDays([], list, nyse.isSession));
    const ticker = fc.constantFrom('A', 'B', 'C');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(ticker, ranges)),
        ranges,
        fc.array(ticker),
        fc.uniqueArray(day),
        (lookups, everyTicker, exceptions, removed) => {
          const known: DatasetProgress = {
            days: new Map(),
            lookups: new Map(lookups),
            everyTicker,
            exceptions: new Set(exceptions),
            series: new Map([['B', { size: 1, mtimeMs: 1, seen: true }]]),
          };
          const tickers = ['A', 'B', 'C', 'D'];
          const lacks = (name: string): boolean => removed.some((each) => !isLookedUp(known, name, each));
          expect(lackingTickers(tickers, removed, known, () => true)).toEqual(tickers.filter(lacks));
          expect(lackingTickers(tickers, removed, known, (name) => name !== 'B')).toContain('B');
        },
      ),
    );
  });
});

describe('without being told to', () => {
  it('off a terminal it refuses, and a dry run changes nothing', async () => {
    const { work } = await filled();
    const before = work.times();
    const refused = await command(work, KEEP);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/2024-04-15 to 2024-05-10.*20 days/);
    expect(refused.stderr).toMatch(/say --yes/);
    await work.write('.barloom.lock', JSON.stringify({ host: 'another', pid: 1, command: 'populate' }));
    const dry = await command(work, `${KEEP} --dry-run --json`);
    await work.remove('.barloom.lock');
    expect(dry.code, dry.stderr).toBe(0);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      command: 'prune',
      dry_run: true,
      datasets: [{ keep_from: '2024-05-12', remove: { start: '2024-04-15', days: 20 }, removed_days: 0 }],
    });
    expect(work.times()).toEqual(before);
  });

  it('a window that is none removes nothing', async () => {
    const { work } = await filled();
    for (const [args, sentence] of [
      ['', /--keep-days 800/],
      ['--keep-days 0', /--keep-days must be a whole number from 1 to 999999, not 0/],
      ['--keep-days 2.5', /--keep-days must be a whole number from 1 to 999999, not 2\.5/],
      ['--keep-days -3', /--keep-days must be a whole number from 1 to 999999, not -3/],
    ] as const) {
      const { code, stderr } = await command(work, `prune --yes ${args}`);
      expect(code).toBe(2);
      expect(stderr).toMatch(sentence);
    }
    expect(days(work)).toHaveLength(34);
  });

  const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasScript).each([
    ['n', 34, 0],
    ['', 34, 0],
    ['\u0003', 34, 130],
    ['y', 14, 0],
  ])('on a terminal %j leaves %d days', async (answer, left, exit) => {
    const { work } = await filled();
    const bin = path.resolve('bin/barloom.js');
    // Ctrl-C reaches the shell around it too, if the question has not taken the terminal over yet.
    const line = `trap : INT; ${process.execPath} ${bin} ${KEEP} --data-dir ${work.data}; echo exit $?`;
    const typed = path.join(work.root, 'typescript');
    const keys = `printf '${answer === '\u0003' ? '\\003' : `${answer}\\n`}'; sleep 1`;
    const wait = `until grep -qs 'y/N' ${typed} || [ $((n += 1)) -gt 200 ]; do sleep .1; done`;
    const { stdout } = spawnSync('sh', ['-c', `(${wait}; ${keys}) | script -qefc '${line}' ${typed}`], {
      encoding: 'utf8',
    });
    expect(stdout).toContain('Remove 20 days of the market');
    expect(stdout).toContain(`exit ${exit}`);
    expect(days(work)).toHaveLength(left);
  });
});

describe('pruned days', () => {
  it('leave archive and tables of contents, not the series, and only come back by name', async () => {
    const { work, sandbox } = await filled();
    const before = work.everything();
    const { code, stdout, stderr } = await command(work, `${KEEP} --yes`);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Removed 20 days of stocks_daily .* freed\.$/ms);
    const after = work.everything();
    const gone = Object.keys(before).filter((name) => !(name in after));
    expect(gone).toEqual([
      'massive_cache/.toc/2024-04',
      ...Object.keys(before).filter((name) => name.endsWith('.csv.gz') && GOES(name.slice(14))),
    ]);
    const toc = parseMonthToc(readFileSync(work.at('massive_cache', '.toc', '2024-05')));
    expect([...(toc?.keys() ?? [])].sort()).toEqual(days(work));
    for (const name of Object.keys(after))
      if (/^data_cache|csv\.gz$/.test(name)) expect(after[name], name).toBe(before[name]);

    const had = await gets(sandbox);
    const again = await work.populateJson(RANGE);
    expect(again.code).toBe(0);
    expect(again.summary.days).toMatchObject({ unchanged: 14, pruned: 20 });
    expect(await gets(sandbox)).toBe(had);
    expect(Object.values(statesOf(again.summary))).toEqual([]);

    const byName = await work.populateJson('--start 2024-05-01 --end 2024-05-03 --force');
    expect(byName.code).toBe(0);
    expect(byName.summary.days).toMatchObject({ fetched: 3, pruned: 0 });
    expect((await work.populateJson(RANGE)).summary.days).toMatchObject({ unchanged: 17, pruned: 17 });
    const restored = work.tiers();
    for (const day of ['2024-05-01', '2024-05-03'])
      expect(restored[`massive_cache/${day}.csv.gz`]).toBe(before[`massive_cache/${day}.csv.gz`]);
  });

  it('whose files a killed prune left are no damage, and the next prune finishes them or takes them back', async () => {
    const { work, sandbox } = await filled();
    const [kept, spare] = ['2024-04-16.csv.gz', '2024-05-10.csv.gz'];
    const aside = (name: string): string => path.join(work.root, name);
    for (const name of [kept, spare]) linkSync(work.at('massive_cache', name), aside(name));
    expect((await command(work, `${KEEP} --yes`)).code).toBe(0);
    for (const name of [kept, spare]) linkSync(aside(name), work.at('massive_cache', name));
    const had = await gets(sandbox);
    const { code, summary } = await work.populateJson(RANGE);
    expect(code).toBe(0);
    expect(summary.days).toMatchObject({ pruned: 20, unchanged: 14 });
    expect((await command(work, 'verify')).code).toBe(0);

    const { stdout } = await command(work, 'prune --keep-days 30 --yes --json');
    expect(JSON.parse(stdout)).toMatchObject({
      datasets: [{ removed_days: 1, taken_back: ['2024-05-10'] }],
    });
    expect(work.has('massive_cache', kept)).toBe(false);
    expect(work.has('massive_cache', spare)).toBe(true);
    expect((await work.populateJson(RANGE)).summary.days).toMatchObject({ pruned: 19, unchanged: 15 });
    expect(await gets(sandbox)).toBe(had);
  });

  it('survive kills: in the end it is what an uninterrupted prune leaves, and nothing was fetched', {
    timeout: 90_000,
  }, async () => {
    const [{ work, sandbox }, other] = [await filled(), await filled()];
    await command(other.work, `${KEEP} --yes`);
    const had = await gets(sandbox);
    for (let kill = 0; kill < 6; kill++) {
      await command(work, `${KEEP} --yes`, { killAfterMs: 120 + Math.random() * 250 });
      expect((await work.populateJson(RANGE)).code).toBe(0);
      expect(await gets(sandbox)).toBe(had);
    }
    const last = await command(work, `${KEEP} --yes`);
    expect(last.code, last.stderr).toBe(0);
    expect(work.tiers()).toEqual(other.work.tiers());
    expect(await gets(sandbox)).toBe(had);
  });
});

const MAY_MOUNT = spawnSync('unshare', ['-rm', 'true'], { stdio: 'ignore' }).status === 0;

it.runIf(MAY_MOUNT)(
  'a read-only archive is neither pruned nor moved: told at once, and nothing is recorded or switched',
  async () => {
    const { work } = await filled();
    const before = work.everything();
    const archive = work.at('massive_cache');
    const readOnly = `mount --bind ${archive} ${archive} && mount -o remount,ro,bind ${archive} && exec "$@"`;
    const within = ['unshare', '-rm', 'sh', '-c', readOnly, 'sh'];
    for (const args of [`${KEEP} --yes`, `move-archive ${path.join(work.root, 'elsewhere')}`]) {
      const { code, stderr } = await command(work, args, { within });
      expect([code, stderr]).toEqual([6, expect.stringMatching(/read-only/)]);
    }
    expect(work.everything()).toEqual(before);
    expect((await command(work, `${KEEP} --yes`)).code).toBe(0);
  },
);
