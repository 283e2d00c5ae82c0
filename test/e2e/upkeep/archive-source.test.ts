/**
 * An archive is filled from one source, whoever fills it; and a drive that is not mounted is not downloaded
 * again.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { market, Workdir } from '../../support/workdir.js';
import { command, filledFolders, gets, RANGE } from './folder.js';

const filled = filledFolders();
const LONGER = '--start 2024-04-01 --end 2024-05-31';

const marker = (archive: string) => JSON.parse(readFileSync(path.join(archive, '.source.json'), 'utf8'));

it('another data folder, another endpoint: whoever would read or write the archive is refused with 2, until told to adopt', async () => {
  const { work, sandbox } = await filled();
  const other = await market({ tickers: 60 });
  const archive = work.at('massive_cache');
  expect(marker(archive)).toMatchObject({
    schema_version: 1,
    endpoint: sandbox.endpoint,
    bucket: 'flatfiles',
  });
  const before = work.everything();
  const second = await Workdir.make(other);
  const shared = `--archive-dir ${archive}`;
  // The second folder has nothing yet: the archive itself says whose it is.
  const first = await second.populate(`${LONGER} --tickers AAPL ${shared}`);
  expect(first.code).toBe(2);
  expect(first.stderr).toContain(`the archive in ${archive} was filled from ${sandbox.endpoint}`);
  expect((await second.populate('--start 2024-05-30 --end 2024-05-31 --tickers AAPL')).code).toBe(0);
  for (const verb of [
    'add MSFT',
    'rebuild',
    'verify',
    'verify --deep --repair --yes',
    'export MSFT --source archive',
    'status',
    `backup ${path.join(second.root, 'b.tar')}`,
    `move-archive ${path.join(second.root, 'new')}`,
    'nightly',
    'backfill',
  ]) {
    const { code, stderr } = await second.verb(`${verb} ${shared}`, {
      env: { BARLOOM_ENDPOINT: other.endpoint },
    });
    expect(code, `${verb}: ${stderr}`).toBe(2);
  }
  expect(await gets(other)).toBe(2);
  expect(work.everything()).toEqual(before);
  const adopted = await second.populate(`${LONGER} ${shared} --adopt-source`);
  expect(adopted.code, adopted.stderr).toBe(0);
  expect(marker(archive)).toMatchObject({ endpoint: other.endpoint });
  // From now on it is the other's, for the first folder too.
  expect((await command(work, 'verify')).code).toBe(2);
});

it('a lost progress.json does not let another source in', async () => {
  const { work, sandbox } = await filled();
  await work.remove('progress.json');
  const other = await market({ tickers: 60 });
  const before = work.tiers();
  work.endpoint = other.endpoint;
  const { code, stderr } = await work.populate(LONGER);
  expect(code, stderr).toBe(2);
  expect(work.tiers()).toEqual(before);
  work.endpoint = sandbox.endpoint;
  expect((await work.populate(RANGE)).code).toBe(0);
});

describe('an archive without a marker', () => {
  it('of an older version is the source of its progress.json, from the first writer on', async () => {
    const { work, sandbox } = await filled();
    await work.remove('massive_cache', '.source.json');
    expect((await command(work, 'verify')).code).toBe(0);
    expect(work.has('massive_cache', '.source.json')).toBe(false);
    expect((await command(work, 'add NVDA')).code).toBe(0);
    expect(marker(work.at('massive_cache'))).toMatchObject({ endpoint: sandbox.endpoint });
  });

  it('that cannot be read is moved aside and written anew; a newer one is refused by name', async () => {
    const { work, sandbox } = await filled();
    const text = work.read('massive_cache/.source.json');
    await work.write('massive_cache/.source.json', text.replace('http', 'httq'));
    expect((await command(work, 'verify')).code).toBe(0);
    expect((await command(work, 'add NVDA')).code).toBe(0);
    expect(marker(work.at('massive_cache'))).toMatchObject({ endpoint: sandbox.endpoint });
    expect(
      readdirSync(work.at('massive_cache')).some((name) => name.startsWith('.source.json.unreadable-')),
    ).toBe(true);
    await work.write('massive_cache/.source.json', '{"schema_version": 2}');
    const { code, stderr } = await command(work, 'verify');
    expect(code).toBe(2);
    expect(stderr).toMatch(/\.source\.json: its schema_version is 2 .*use a newer barloom/);
  });
});

it('the sandbox goes into no archive folder but one that the command line names', async () => {
  const { work } = await filled();
  const archive = work.at('massive_cache');
  const before = work.everything();
  const args = '--sandbox --sandbox-tickers 100 --days 3 --tickers AAPL'.split(' ');
  const away = await Workdir.make();
  const invented = await away.run(['populate', ...args], { env: { BARLOOM_ARCHIVE_DIR: archive } });
  expect(invented.code, invented.stderr).toBe(0);
  expect(existsSync(path.join(away.root, 'barloom-sandbox', 'massive_cache', '.source.json'))).toBe(true);
  const named = await away.run(['populate', ...args, '--archive-dir', archive]);
  expect(named.code).toBe(2);
  expect(named.stderr).toMatch(/archive in .* was filled from/);
  expect(work.everything()).toEqual(before);
});

it('an archive that is the data folder, or round it, is refused by name', async () => {
  const { work } = await filled();
  const before = work.everything();
  await work.write('barloom.json', '{"archiveDir": "."}');
  for (const verb of ['populate --days 3', 'move-archive ../new', 'backup ../b.tar', 'status']) {
    const { code, stderr } = await command(work, verb, { cwd: work.data, dataDir: '.' });
    expect(code, verb).toBe(2);
    expect(stderr).toMatch(/barloom\.json: the archive's folder .* is the data folder/);
  }
  await work.remove('barloom.json');
  const above = await command(work, `status --archive-dir ${work.root}`);
  expect(above.code).toBe(2);
  expect(above.stderr).toMatch(/--archive-dir: the archive's folder .* holds the data folder/);
  expect(work.everything()).toEqual(before);
});

it('a drive that is not mounted: populate, backfill and a repair ask, and download nothing; --force does', async () => {
  const { work, sandbox } = await filled();
  const drive = path.join(work.root, 'drive');
  expect((await command(work, `move-archive ${drive}`)).code).toBe(0);
  renameSync(drive, path.join(work.root, 'unplugged'));
  const had = await gets(sandbox);
  const endpoint = { env: { BARLOOM_ENDPOINT: sandbox.endpoint } };
  for (const there of [false, true]) {
    // The mount point, or not even that.
    if (there) mkdirSync(drive);
    for (const verb of [`populate ${RANGE}`, `backfill ${RANGE}`, 'nightly', 'verify --repair']) {
      const { code, stderr } = await command(work, verb, endpoint);
      expect([2, 7], `${verb}: ${code} ${stderr}`).toContain(code);
      expect(stderr, verb).toMatch(/mounted\?/);
    }
    expect(existsSync(drive) ? readdirSync(drive) : []).toEqual([]);
  }
  expect(await gets(sandbox)).toBe(had);
  // Mounted again, there is nothing to do.
  rmSync(drive, { recursive: true, force: true });
  renameSync(path.join(work.root, 'unplugged'), drive);
  expect((await work.populateJson(RANGE)).summary.days).toMatchObject({ unchanged: 34, fetched: 0 });
  rmSync(drive, { recursive: true });
  expect((await work.populateJson(`${RANGE} --force`)).summary.days).toMatchObject({ fetched: 34 });
});
