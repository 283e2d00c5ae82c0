/**
 * While the archive moves, one whole archive is in use at any instant; afterwards populate finds it without
 * being told where.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withArchiveDir } from '#tasks/upkeep/move-archive.js';
import type { Filled } from '../../support/filled-once.js';
import type { Workdir } from '../../support/workdir.js';
import { command, filledFolders, gets, RANGE } from './folder.js';

const filled = filledFolders();

function facts(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, found: statSync(path.join(folder, name)) }))
    .filter(({ found }) => found.isFile())
    .map(({ name, found }) => `${name} ${found.size} ${Math.floor(found.mtimeMs)}`)
    .sort();
}

function archiveDir(work: Workdir): string {
  return String((JSON.parse(work.read('barloom.json')) as { archiveDir?: unknown }).archiveDir);
}

/** A folder on another file system than the work folders', where there is one. */
function otherDrive(): string | undefined {
  if (!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync('/tmp').dev) return undefined;
  const folder = mkdtempSync('/dev/shm/barloom-move-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function nothingToDo({ work, sandbox }: Filled, args = ''): Promise<void> {
  const had = await gets(sandbox);
  const { code, summary } = await work.populateJson(`${RANGE} ${args}`);
  expect(code).toBe(0);
  expect(summary.days).toMatchObject({ unchanged: 34, fetched: 0, from_archive: 0 });
  expect(await gets(sandbox)).toBe(had);
}

describe('moved', () => {
  it('on the same file system: everything is there, the old folder is gone, no option is needed', async () => {
    const { work, sandbox } = await filled();
    await work.write('barloom.json', '{\n    "workers": 2,\n    "archiveDir": "massive_cache"\n}\n');
    const before = facts(work.at('massive_cache'));
    const { code, stdout, stderr } = await command(work, 'move-archive big', { cwd: work.root });
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/There is no archive in .*massive_cache to move/);
    expect(stdout).toBe('');
    await work.write('barloom.json', '{\n    "workers": 2\n}\n');
    const moved = await command(work, 'move-archive big', { cwd: work.root });
    expect(moved.code, moved.stderr).toBe(0);
    const target = path.join(work.root, 'big');
    expect(facts(target)).toEqual(before);
    expect(work.has('massive_cache')).toBe(false);
    expect(work.read('barloom.json')).toBe(
      `{\n    "workers": 2,\n    "archiveDir": ${JSON.stringify(target)}\n}\n`,
    );
    await nothingToDo({ work, sandbox });
    const there = await command(work, 'move-archive big', { cwd: work.root });
    expect(there.code).toBe(2);
    expect(there.stderr).toMatch(/is in .*big already/);
  });

  it('to another file system and back, by a flag that has to be left out afterwards', async ({ skip }) => {
    const drive = otherDrive() ?? skip('there is no second file system here');
    const { work, sandbox } = await filled();
    const before = facts(work.at('massive_cache'));
    const old = work.at('massive_cache');
    const target = path.join(drive, 'archive');
    const { code, stdout, stderr } = await command(work, `move-archive ${target} --archive-dir ${old}`);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/37 files copied and read again/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /But --archive-dir goes before barloom.json and was given: leave it out/,
    );
    expect(facts(target)).toEqual(before);
    expect(archiveDir(work)).toBe(target);
    await nothingToDo({ work, sandbox });
    const back = await command(work, `move-archive ${old} --json`);
    expect(JSON.parse(back.stdout)).toMatchObject({
      command: 'move-archive',
      archive: { from: target, to: old, switched: true, files: 37, copied: 37, left: 0, times_kept: true },
    });
    expect(facts(old)).toEqual(before);
    expect(existsSync(target)).toBe(false);
  });
});

describe("what is not barloom's", () => {
  it('stays where it is, and is told; a set-aside copy goes along', async () => {
    const { work, sandbox } = await filled();
    const mine = [
      'testament.odt',
      'photos/2024-05-01.jpg',
      '.ssh/id',
      '2024-05-01.csv.gz.bak',
      'photos/empty/x',
    ];
    for (const name of mine) await work.write(`massive_cache/${name}`, 'mine');
    rmSync(work.at('massive_cache/photos/empty/x'));
    await work.write('massive_cache/2024-05-02.csv.gz.damaged-20240601T101112Z', 'ours');
    const target = path.join(work.root, 'new');
    const { code, stdout } = await command(work, `move-archive ${target}`);
    expect(code).toBe(0);
    expect(stdout).toContain("What is not barloom's stayed in the old folder.");
    expect(facts(work.at('massive_cache')).map((line) => line.split(' ')[0])).toEqual(
      mine.slice(0, 4).sort(),
    );
    expect(existsSync(work.at('massive_cache/photos/empty'))).toBe(true);
    expect(existsSync(path.join(target, '2024-05-02.csv.gz.damaged-20240601T101112Z'))).toBe(true);
    expect(
      readdirSync(target).filter((name) => !/^\d{4}-\d\d-\d\d\.csv\.gz|^\.(toc|source\.json)$/.test(name)),
    ).toEqual([]);
    await nothingToDo({ work, sandbox });
  });

  it('a linked dataset folder is followed, into a backup and into the new archive; one that leads nowhere is told', async () => {
    const { work, sandbox } = await filled();
    const range = '--start 2024-05-29 --end 2024-05-31 -t indices_daily';
    expect((await work.populate(range)).code).toBe(0);
    const away = path.join(work.root, 'away');
    renameSync(work.at('massive_cache/indices_daily'), away);
    symlinkSync(away, work.at('massive_cache/indices_daily'));
    const before = facts(away);
    const tar = path.join(work.root, 'b.tar');
    expect((await command(work, `backup ${tar}`)).code).toBe(0);
    expect(readFileSync(tar, 'latin1')).toContain('massive_cache/indices_daily/2024-05-31.csv.gz');
    const target = path.join(work.root, 'new');
    expect((await command(work, `move-archive ${target}`)).code).toBe(0);
    expect(facts(path.join(target, 'indices_daily'))).toEqual(before);
    expect(facts(away)).toEqual([]);
    expect(work.has('massive_cache')).toBe(false);
    const had = await gets(sandbox);
    expect((await work.populateJson(range)).summary.days).toMatchObject({ unchanged: 3 });
    expect(await gets(sandbox)).toBe(had);
    symlinkSync(path.join(work.root, 'unplugged'), path.join(target, 'forex_daily'));
    for (const verb of [`backup ${tar} --yes`, `move-archive ${path.join(work.root, 'third')}`]) {
      const { code, stderr } = await command(work, verb);
      expect(code, verb).toBe(6);
      expect(stderr).toMatch(/forex_daily is a link that leads to no file or folder: is its drive mounted\?/);
    }
  });
});

describe('killed at any instant', () => {
  it('one archive is whole and in use, and the same command ends it', { timeout: 120_000 }, async () => {
    const drive = otherDrive();
    const { work, sandbox } = await filled();
    // A few larger files, so that there is something to be killed in the middle of.
    for (let n = 0; n < 12; n++)
      await work.write(`massive_cache/${1990 + n}-01-02.csv.gz`, Buffer.alloc(20 << 20, n));
    const before = facts(work.at('massive_cache'));
    const places = [
      path.join(drive ?? work.root, 'a'),
      path.join(work.root, 'b'),
      path.join(drive ?? work.root, 'c'),
    ];
    let [kills, half, finished] = [0, 0, 0];
    for (const target of places) {
      for (let tries = 0; ; tries++) {
        const killAfterMs = tries > 6 ? undefined : 150 + Math.random() * 900;
        const ended = await command(
          work,
          `move-archive ${target}`,
          killAfterMs === undefined ? {} : { killAfterMs },
        );
        const now = work.has('barloom.json') ? archiveDir(work) : work.at('massive_cache');
        expect(facts(now).filter((line) => !/^\.barloom(-move|\.lock)/.test(line))).toEqual(before);
        if (ended.signal === null) {
          // 2: the kill before this one came after everything was done.
          expect([0, 2], ended.stderr).toContain(ended.code);
          if (ended.code === 2) expect(ended.stderr).toMatch(/already/);
          break;
        }
        kills++;
        if (existsSync(target)) half++;
        if (now === target) finished++;
      }
      expect(archiveDir(work)).toBe(target);
      expect(facts(target)).toEqual(before);
      for (const other of [work.at('massive_cache'), ...places])
        if (other !== target) expect(existsSync(other), other).toBe(false);
      await nothingToDo({ work, sandbox });
    }
    console.log(`${kills} kills, ${half} with a half-done copy, ${finished} after the switch`);
  });

  it('a copy that is stale or torn in the new folder is made again, and what went meanwhile goes there too', async () => {
    const { work } = await filled();
    const target = path.join(work.root, 'new');
    const old = work.at('massive_cache');
    const before = facts(old);
    mkdirSync(target);
    await work.write(path.join(target, '.barloom-move.json'), `${JSON.stringify({ from: old })}\n`);
    await work.write(path.join(target, '2024-05-01.csv.gz'), 'torn');
    await work.write(path.join(target, '2001-01-01.csv.gz'), 'pruned since');
    await work.write(path.join(target, '2024-05-02.csv.gz.77.barloom-tmp'), 'half');
    const { code, stderr } = await command(work, `move-archive ${target}`);
    expect(code, stderr).toBe(0);
    expect(facts(target)).toEqual(before);
    expect(gunzipSync(readFileSync(path.join(target, '2024-05-01.csv.gz'))).length).toBeGreaterThan(0);
  });

  it('after the switch, what the new archive lacks stays in the old folder and is told', async () => {
    const { work } = await filled();
    const target = path.join(work.root, 'new');
    expect((await command(work, `move-archive ${target}`)).code).toBe(0);
    const old = work.at('massive_cache');
    await work.write('massive_cache/2024-05-01.csv.gz', 'the old copy');
    await work.write('massive_cache/2003-09-10.csv.gz', 'only here');
    await work.write(path.join(target, '.barloom-move.json'), `${JSON.stringify({ from: old })}\n`);
    const { code, stdout } = await command(work, `move-archive ${target}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 file in the old folder has no namesake/);
    expect(facts(old).map((line) => line.split(' ')[0])).toEqual(['2003-09-10.csv.gz']);
    expect(existsSync(path.join(target, '.barloom-move.json'))).toBe(false);
  });
});

it('a move is refused where it would mix with something, and nothing changes', async () => {
  const { work } = await filled();
  mkdirSync(path.join(work.root, 'full'));
  await work.write('../full/mine.txt', 'mine');
  await work.write('../other/.barloom-move.json', '{"from": "/somewhere/else"}');
  await work.write('../file', 'a file');
  symlinkSync(work.at('massive_cache'), path.join(work.root, 'link'));
  const before = work.everything();
  for (const [target, sentence] of [
    ['full', /not empty: give a new folder, such as .*full.massive_cache/],
    ['other', /holds a half-done move of \/somewhere\/else/],
    ['file', /is a file: give a folder/],
    ['link', /is in .*link already/],
    ['link/sub', /lies in the archive itself/],
    ['data', /holds other data of this data folder/],
    ['data/data_cache/x', /holds other data of this data folder/],
    ['data/massive_cache', /already/],
    ['nowhere/x', /There is no folder .*nowhere: make it first/],
  ] as const) {
    const { code, stderr } = await command(work, `move-archive ${target}`, { cwd: work.root });
    expect(code, `${target}: ${stderr}`).toBe(2);
    expect(stderr).toMatch(sentence);
  }
  const held = { host: 'another', pid: 1, started: '', boot: '', command: 'nightly', since: work.now };
  await work.write('.barloom.lock', `${JSON.stringify(held)}\n`);
  const locked = await command(work, 'move-archive new', { cwd: work.root });
  expect(locked.code).toBe(11);
  await work.remove('.barloom.lock');
  expect(work.everything()).toEqual(before);
  expect(existsSync(path.join(work.root, 'new'))).toBe(false);
});

it('barloom.json keeps its other settings, in their order', () => {
  const settings = fc.dictionary(fc.constantFrom('workers', 'quiet', 'bucket', 'archiveDir'), fc.string());
  fc.assert(
    fc.property(settings, fc.constantFrom(undefined, 2, 4, '\t'), fc.string(), (before, indent, folder) => {
      const text = withArchiveDir(JSON.stringify(before, null, indent), folder);
      const after = JSON.parse(text) as Record<string, string>;
      expect(after).toEqual({ ...before, archiveDir: folder });
      expect(Object.keys(after).filter((key) => key in before)).toEqual(Object.keys(before));
      expect(withArchiveDir(text, folder)).toBe(text);
    }),
  );
});
