/** A second run does what changed and nothing else; a crash leaves the old or the new. */
import { readFileSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { Workdir } from '../../support/workdir.js';
import { hooked } from '../../torture/hooked.js';
import { scaled } from '../../torture/technique.js';
import { LISTS, makeArchive, match, matchJson, priceText, ROOT, touch, workOf } from './archive.js';

const AAPL = `${ROOT}/d_us_txt/data/daily/us/nasdaq stocks/1/aapl.us.txt`;
const EXPORT = 'data/processed/tradeable_prices/aapl.us.csv';
const NOTHING = {
  lists_matched: 0,
  instruments_matched: 0,
  files_read: 0,
  bytes_read: 0,
  prices_written: 0,
  prices_removed: 0,
  outputs_written: [],
};
const REPORTS = ['match_report', 'unmatched_report'];

let whole: Workdir;
let release = async (): Promise<void> => undefined;
beforeAll(async () => {
  whole = await Workdir.make(undefined, (remove) => {
    release = remove;
  });
  await makeArchive(whole);
  expect(await match(whole)).toMatchObject({ code: 0 });
  return () => release();
});

/** The archive after a run. Of a copy inodes and times are others, and are learned by another run. */
async function matched(): Promise<Workdir> {
  const work = await whole.copy();
  expect(await workOf(work)).toMatchObject({ prices_written: 0, outputs_written: [] });
  return work;
}

it('nothing has changed: no price file is opened, and nothing is written', async () => {
  const work = await matched();
  const before = work.times();
  const inject = {
    calls: ['open-read', 'read'] as const,
    path: '\\.txt$|tradeable_prices',
    at: 1,
    times: 1e9,
    what: 'EIO' as const,
  };
  const { code, stderr } = await match(work, '', { env: hooked({ inject }) });
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('Incremental resume: inputs unchanged and outputs exist - skipping processing');
  expect(work.times()).toEqual(before);
  expect(await workOf(work, '--incremental')).toEqual(NOTHING);
});

it('a touched file is read, and nothing is made of it; a moved one is the same file', async () => {
  const work = await matched();
  touch(work.at(AAPL));
  expect(await workOf(work)).toEqual({ ...NOTHING, files_read: 1, bytes_read: expect.any(Number) });
  expect(await workOf(work)).toEqual(NOTHING);
  await rename(work.at(AAPL), work.at(AAPL.replace('/1/', '/2/')));
  const moved = await workOf(work);
  expect(moved).toMatchObject({
    files_read: 1,
    prices_written: 0,
    outputs_written: ['index', 'match_report'],
  });
  expect(work.read('data/metadata/tradeable_matches.csv')).toContain('nasdaq stocks/2/aapl.us.txt');
});

it('one price file changed: it alone is read and written, and the report with it', async () => {
  const work = await matched();
  await work.write(AAPL, priceText('AAPL.US', [20240610, 20240614], 11));
  const { bytes_read, ...did } = await workOf(work);
  expect(did).toEqual({
    ...NOTHING,
    bytes_read: undefined,
    files_read: 1,
    prices_written: 1,
    outputs_written: ['match_report'],
  });
  expect(bytes_read).toBe(readFileSync(work.at(AAPL)).length);
  expect(work.read(EXPORT)).toContain('20240614,000000,11,12,10,11');
  await work.write(AAPL, '');
  expect(await workOf(work)).toMatchObject({ files_read: 1, prices_written: 0, prices_removed: 1 });
  expect(work.has(EXPORT)).toBe(false);
});

it('one list changed: its instruments alone are matched, and what it lost goes', async () => {
  const work = await matched();
  await work.write('tradeable_instruments/b.csv', 'symbol,market\nKGH:PW,GPW-WWA\n');
  expect(await workOf(work)).toMatchObject({
    lists_matched: 1,
    instruments_matched: 1,
    files_read: 0,
    prices_removed: 1,
  });
  expect(work.has('data/processed/tradeable_prices/msft.us.csv')).toBe(false);
  await work.write('tradeable_instruments/b.csv', LISTS['b.csv'] ?? '');
  expect(await workOf(work)).toMatchObject({ instruments_matched: 2, files_read: 1, prices_written: 1 });
  expect(work.everything()).toMatchObject(reportsOf(whole));
});

it('a new file of the archive is seen', async () => {
  const work = await matched();
  await work.write(`${ROOT}/d_nl_txt/data/daily/nl/ams stocks/prx.nl.txt`, priceText('PRX.NL', [20240613]));
  expect(await workOf(work)).toMatchObject({
    files_read: 1,
    prices_written: 1,
    outputs_written: ['index', ...REPORTS],
  });
  expect(work.has('data/processed/tradeable_prices/prx.nl.csv')).toBe(true);
});

it('an output that is gone or was edited is made again, alone', async () => {
  const work = await matched();
  const right = work.everything();
  await work.remove(EXPORT);
  expect(await workOf(work)).toMatchObject({ files_read: 1, prices_written: 1, outputs_written: [] });
  await work.write('data/processed/tradeable_prices/kgh.csv', 'edited');
  expect(await workOf(work)).toMatchObject({ files_read: 1, prices_written: 1, outputs_written: [] });
  await work.remove('data/metadata/tradeable_matches.csv');
  expect(await workOf(work)).toEqual({ ...NOTHING, outputs_written: ['match_report'] });
  await work.write('data/metadata/stooq_index.csv', 'edited');
  expect(await workOf(work)).toEqual({ ...NOTHING, outputs_written: ['index'] });
  expect(withoutState(work.everything())).toEqual(withoutState(right));
});

it('another currency policy or aliases change the reports alone', async () => {
  const work = await matched();
  await work.write('tradeable_instruments/c.csv', 'symbol,market,currency\nWPS,LSE,USD\n');
  await match(work);
  expect(await workOf(work, '--currency-policy strict')).toEqual({
    ...NOTHING,
    outputs_written: ['match_report'],
  });
  expect(work.read('data/metadata/tradeable_matches.csv')).toContain('error:lse_currency_override');
  await work.write('aliases.csv', 'from,market,to,since\nPRX,AMS,KGH,2024-01-01\n');
  expect(await workOf(work, '--aliases aliases.csv')).toMatchObject({ lists_matched: 3, files_read: 0 });
  expect(work.read('data/metadata/tradeable_matches.csv')).toContain('alias:PRX>KGH since 2024-01-01');
});

it('--force-reindex matches and indexes again, --full does everything, also with --incremental', async () => {
  const work = await matched();
  expect(await workOf(work, '--force-reindex --incremental')).toMatchObject({
    lists_matched: 2,
    files_read: 0,
    outputs_written: ['index'],
  });
  expect(await workOf(work, '--full --incremental')).toMatchObject({
    lists_matched: 2,
    files_read: 6,
    prices_written: 5,
    outputs_written: ['index', ...REPORTS],
  });
});

it('the older program’s state, and one that is broken, are replaced; a newer one is refused', async () => {
  const work = await matched();
  const state = 'data/metadata/.prepare_cache.json';
  for (const [text, why] of [
    ['{"tradeable_hash": "ab", "stooq_index_hash": ""}', "the state is the older program's"],
    ['{"schema_version": 1,', 'the state cannot be read'],
  ] as const) {
    await work.write(state, text);
    const { code, stderr } = await match(work);
    expect(code).toBe(0);
    expect(stderr).toContain(why);
    expect(await workOf(work)).toEqual(NOTHING);
  }
  await work.write(state, '{"schema_version": 2}');
  expect(await match(work)).toMatchObject({ code: 2 });
});

it('a folder that cannot be read is said, ends with 3, and costs no price file', async () => {
  const work = await matched();
  const inject = {
    calls: ['readdir'] as const,
    path: 'nasdaq stocks/1$',
    at: 1,
    times: 1e9,
    what: 'EACCES' as const,
  };
  const { code, stderr } = await match(work, '', { env: hooked({ inject }) });
  expect(code).toBe(3);
  expect(stderr).toContain('nasdaq stocks/1 cannot be read (EACCES)');
  expect(work.has(EXPORT)).toBe(true);
  expect(await workOf(work)).toMatchObject({ files_read: 1, prices_removed: 0 });
  expect(await workOf(work)).toEqual(NOTHING);
});

it('a file that cannot be read is a status, ends with 3, and is tried again', async () => {
  const work = await matched();
  touch(work.at(AAPL));
  const inject = { calls: ['read'] as const, path: 'aapl.us.txt$', at: 1, times: 1e9, what: 'EIO' as const };
  const failed = await matchJson(work, '', { env: hooked({ inject }) });
  expect(failed).toMatchObject({ exit_code: 3, problems: { sources: [{ status: 'error:EIO' }] } });
  expect(await workOf(work)).toMatchObject({ files_read: 1 });
});

it('an archive that vanishes while it is read ends with 6, and the reports stay', async () => {
  const work = await matched();
  const before = withoutState(work.everything());
  const outputs = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith(ROOT)));
  touch(work.at(AAPL));
  const inject = { calls: ['open-read'] as const, path: 'aapl.us.txt$', at: 1, what: 'stop-before' as const };
  const { code, stderr } = await match(work, '', {
    env: hooked({ inject }),
    onStart: (child) => {
      const timer = setInterval(() => {
        if (!isStopped(child.pid)) return;
        clearInterval(timer);
        rmSync(work.at(ROOT), { recursive: true });
        child.kill('SIGCONT');
      }, 20);
      child.on('exit', () => clearInterval(timer));
    },
  });
  expect(code, stderr).toBe(6);
  expect(withoutState(work.everything())).toEqual(outputs);
});

it('killed at any call that changes the disk, the next run ends as an uninterrupted one', async () => {
  const right = withoutState(whole.everything());
  for (let at = 1; ; at += scaled(9, 1)) {
    const work = await Workdir.make();
    await makeArchive(work);
    const { signal } = await match(work, '', {
      env: hooked({ inject: { what: 'kill-before', at, calls: KILLED } }),
    });
    for (const name of Object.keys(reportsOf(work)))
      expect(work.everything()[name], `${name} after a kill at ${at}`).toBe(right[name]);
    expect(await match(work)).toMatchObject({ code: 0 });
    expect(withoutState(work.everything()), `killed at ${at}`).toEqual(right);
    expect(await workOf(work)).toEqual(NOTHING);
    if (signal === null) return;
  }
});

const KILLED = ['open', 'write', 'fsync', 'syncfs', 'rename', 'link', 'unlink', 'mkdir'] as const;

function isStopped(pid: number | undefined): boolean {
  try {
    return /\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** What stands under its final name, by its path. */
function reportsOf(work: Workdir): Readonly<Record<string, string>> {
  const isOutput = (name: string): boolean =>
    /^data\/(?:metadata\/[^.]|processed)/.test(name) && !name.endsWith('.barloom-tmp');
  return Object.fromEntries(Object.entries(work.everything()).filter(([name]) => isOutput(name)));
}

function withoutState(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('.prepare_cache.json')));
}
