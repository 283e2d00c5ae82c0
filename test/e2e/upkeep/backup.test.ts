/**
 * A backup is a tar that any tar unpacks into a folder in which nothing has to be learnt again; a broken one
 * is never left behind.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workdir } from '../../support/workdir.js';
import { command, filledFolders, gets, RANGE } from './folder.js';

const filled = filledFolders();

const BIN = path.resolve('bin/barloom.js');
const CHECKSUMS = 'barloom-backup.sha256';
const hasTar = spawnSync('tar', ['--version']).status === 0;

function unpack(tar: string, folder: string): void {
  mkdirSync(folder);
  const { status, stderr } = spawnSync('tar', ['-xf', tar, '-C', folder], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stderr).toBe('');
}

/** Names, sizes and times to the millisecond: what a folder is known again by. */
function stamps(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, found: statSync(path.join(folder, name)) }))
    .filter(({ name, found }) => found.isFile() && name !== CHECKSUMS)
    .map(({ name, found }) => `${name} ${found.size} ${Math.floor(found.mtimeMs)}`)
    .sort();
}

describe.skipIf(!hasTar)('unpacked', () => {
  it('it is the same folder: same bytes, same times, and populate has nothing to do', async () => {
    const { work, sandbox } = await filled();
    await work.write('ibd.txt', '# Žába\nAAPL\n');
    await work.write('lists/mine.txt', 'AAPL\n');
    await work.write('barloom.json', '{"tickerFiles": ["lists/mine.txt", "ibd.txt"]}');
    // A name of 200 bytes and more, of which tar's plain header holds 100.
    const long = `${'Ž'.repeat(60)}${'x'.repeat(70)}_1h_data.csv`;
    await work.write(`data_cache/${long}`, 'mine\n');
    await work.write('data_cache/AAPL_1d_data.csv.1.barloom-tmp', 'unfinished');
    const others = [
      'notes.pdf',
      'massive_cache/.ssh/id',
      'massive_cache/photos/1.jpg',
      'data_cache/deep/a.csv',
    ];
    for (const name of others) await work.write(name, 'of no concern');
    const tar = path.join(work.root, 'b.tar');
    const { code, stdout, stderr } = await command(work, `backup ${tar}`);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/archive +\d+ files, .*\n.*series +4 files/);
    // What a dead run left unfinished went when the folder was locked.
    expect(work.has('data_cache/AAPL_1d_data.csv.1.barloom-tmp')).toBe(false);
    expect(Number(/: (\d+) files/.exec(stdout)?.[1])).toBe(stamps(work.data).length - others.length);
    for (const name of others) await work.remove(name);

    const copy = path.join(work.root, 'copy');
    unpack(tar, copy);
    expect(stamps(copy)).toEqual(stamps(work.data));
    for (const name of Object.keys(work.everything()))
      expect(readFileSync(path.join(copy, name)).equals(readFileSync(work.at(name))), name).toBe(true);

    const had = await gets(sandbox);
    const before = stamps(copy).filter((line) => !line.startsWith('.barloom.run'));
    const again = await work.populateJson(RANGE, { dataDir: copy });
    expect(again.summary.days).toMatchObject({ unchanged: 34, from_archive: 0, fetched: 0 });
    expect(await gets(sandbox)).toBe(had);
    expect(stamps(copy).filter((line) => !line.startsWith('.barloom.run'))).toEqual(before);
  });

  it('an archive that lies elsewhere is in it, under massive_cache, and found there', async () => {
    const { work, sandbox } = await filled();
    const moved = path.join(work.root, 'moved');
    await work.write('barloom.json', '{"concurrency": 3}');
    expect((await command(work, `move-archive ${moved}`)).code).toBe(0);
    const tar = path.join(work.root, 'b.tar');
    const { code, stdout } = await command(work, `backup ${tar}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/names no archiveDir/);
    const copy = path.join(work.root, 'copy');
    unpack(tar, copy);
    expect(JSON.parse(readFileSync(path.join(copy, 'barloom.json'), 'utf8'))).toEqual({ concurrency: 3 });
    expect(stamps(path.join(copy, 'massive_cache'))).toEqual(stamps(moved));
    const had = await gets(sandbox);
    expect((await work.populateJson(RANGE, { dataDir: copy })).summary.days).toMatchObject({ unchanged: 34 });
    expect(await gets(sandbox)).toBe(had);
  });

  it('through stdout it is the same bytes', async () => {
    const { work } = await filled();
    const tar = path.join(work.root, 'b.tar');
    expect((await command(work, `backup ${tar} --quiet`)).stdout).toBe('');
    const piped = spawnSync(process.execPath, [BIN, 'backup', '-', '--data-dir', work.data], {
      maxBuffer: 1 << 30,
      env: { PATH: process.env.PATH, HOME: path.join(work.root, 'home'), BARLOOM_NOW: work.now },
    });
    expect(piped.status).toBe(0);
    expect(piped.stdout.equals(readFileSync(tar))).toBe(true);
    const cut = spawnSync(
      'sh',
      [
        '-c',
        `{ "$0" "$1" backup - --data-dir "$2"; echo "exit $?" >&2; } | head -c 100`,
        process.execPath,
        BIN,
        work.data,
      ],
      { encoding: 'latin1' },
    );
    expect(cut.stderr).toMatch(/the backup is not whole\nexit 6/);
  });
});

describe('refused', () => {
  it('is what would be in its own way, what is there already, and an empty folder', async () => {
    const { work } = await filled();
    const there = await work.write('../there.tar', 'precious');
    const before = work.everything();
    for (const [target, sentence] of [
      [path.join(work.root, 'b.tar.gz'), /plain tar, since the archive is compressed already/],
      [work.at('massive_cache', 'b.tar'), /would lie in .*massive_cache/],
      [work.at('data_cache', 'b.tar'), /would lie in .*data_cache/],
      [path.join(work.root, 'nowhere', 'b.tar'), /There is no folder .*nowhere/],
      [work.root, /is no file/],
      [there, /there already\. Replace it\?.*--yes/],
      ['- --json', /--json has no place/],
    ] as const) {
      const { code, stderr } = await command(work, `backup ${target}`);
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(sentence);
    }
    expect(work.everything()).toEqual(before);
    expect(readFileSync(there, 'utf8')).toBe('precious');
    expect((await command(work, `backup ${there} --yes`)).code).toBe(0);
    expect(statSync(there).size % 512).toBe(0);
    const empty = await Workdir.make();
    const { code, stderr } = await command(empty, 'backup b.tar');
    expect(code).toBe(2);
    expect(stderr).toMatch(/no data .* yet: run barloom populate/);
  });

  it('while another run writes: 11, and no file', async () => {
    const { work } = await filled();
    const held = { host: 'another', pid: 1, started: '', boot: '', command: 'populate', since: work.now };
    await work.write('.barloom.lock', `${JSON.stringify(held)}\n`);
    const tar = path.join(work.root, 'b.tar');
    const { code, stderr } = await command(work, `backup ${tar}`);
    expect(code).toBe(11);
    expect(stderr).toMatch(/in use by barloom populate/);
    expect(existsSync(tar)).toBe(false);
  });
});

describe('what goes wrong half-way leaves the older backup as it was', () => {
  const SMALL_DISK = ['unshare', '-rm', 'sh', '-c'];
  const possible =
    process.platform === 'linux' &&
    spawnSync(SMALL_DISK[0] ?? '', [...SMALL_DISK.slice(1), 'mount -t tmpfs none /mnt'], { stdio: 'ignore' })
      .status === 0;

  it.skipIf(!possible)('a drive without room: 6, with the numbers', async () => {
    const { work } = await filled();
    const script = `
      mount -t tmpfs -o size=64k none /mnt && echo older > /mnt/b.tar && "$@"; echo "exit $?"
      ls -A /mnt; cat /mnt/b.tar`;
    const { stdout, stderr } = await command(work, 'backup /mnt/b.tar --yes', {
      within: [...SMALL_DISK, script, 'sh'],
    });
    expect(stdout).toBe('exit 6\nb.tar\nolder\n');
    expect(stderr).toMatch(
      /the backup needs about \d+ MB in \/mnt, and 0 MB are free: free some space there/,
    );
  });

  it('kill -9', async () => {
    const { work } = await filled();
    // Something that takes a while to write.
    writeFileSync(work.at('massive_cache', '1999-01-04.csv.gz'), Buffer.alloc(200 << 20));
    const folder = path.join(work.root, 'out');
    mkdirSync(folder);
    const tar = path.join(folder, 'b.tar');
    writeFileSync(tar, 'older');
    let killed = 0;
    const sizes = new Set<number>();
    for (let delay = 250; delay < 550; delay += 60) {
      const { signal } = await command(work, `backup ${tar} --yes`, { killAfterMs: delay });
      if (signal === null) break;
      killed++;
      // Sizes: what a failing comparison of 200 MB would print fits no string.
      sizes.add(statSync(tar).size);
    }
    expect(killed).toBeGreaterThan(0);
    expect((await command(work, `backup ${tar} --yes`)).code).toBe(0);
    // The older one, or, where the kill came after the rename, the new one whole.
    const whole = statSync(tar).size;
    expect([...sizes].filter((size) => size !== 'older'.length && size !== whole)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['b.tar']);
  });
});
