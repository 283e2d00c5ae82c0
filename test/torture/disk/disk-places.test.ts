/**
 * Things on the disk that are not what they should be: pipes, folders and links in the place of files,
 * folders that are read-only, gone, or refuse an fsync, a disk that is full to the last byte. Each is told
 * with its exit code; nothing hangs, and nothing is lost.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Ended, Workdir } from '../../support/workdir.js';
import { hooked } from '../hooked.js';
import { sampled, technique } from '../technique.js';
import { leftovers } from './disk-trial.js';
import {
  DAYS,
  folderFor,
  namesBelow,
  results,
  runVerb,
  type Template,
  template,
  VERBS,
} from './disk-verbs.js';

const t = technique('disk with obstacles');
const LONG = { timeout: 300_000 };
const isPosix = process.platform !== 'win32';
const isRoot = process.getuid?.() === 0;
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' }).status === 0;
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const canDrop = isRoot && spawnSync(AS_NOBODY[0] ?? '', [...AS_NOBODY.slice(1), 'true']).status === 0;

const fill = { name: 'fill', args: `populate ${DAYS} --tickers AAPL --endpoint ENDPOINT` };
const folder = (made: Template): Promise<Workdir> => folderFor(fill, made);

function tells(ended: Ended, code: number, ...parts: readonly (string | RegExp)[]): void {
  expect(ended.signal, 'it hung').toBeNull();
  expect(ended.code, ended.stderr.slice(-500)).toBe(code);
  const said = `${ended.stderr.slice(0, 300)}\n...\n${ended.stderr.slice(-1500)}`;
  for (const part of parts) expect(said).toMatch(part);
}

const OBSTACLES = [
  'data_cache/AAPL_1d_data.csv', 'massive_cache/2024-06-03.csv.gz', 'progress.json', 'progress.ndjson', '.barloom.lock', 'tracked.txt',
  'stocks.txt', 'accepted.json', 'barloom.json',
]; // biome-ignore format: a list

it.skipIf(!isPosix).each(['pipe', 'folder'])(
  'a %s in the place of a file: told at once, with its name',
  LONG,
  async (kind) => {
    const made = await template();
    for (const name of sampled(OBSTACLES, 5)) {
      await t.attempt(`${kind} ${name}`, async () => {
        const work = await folder(made);
        await rm(work.at(name), { force: true });
        if (kind === 'pipe') expect(spawnSync('mkfifo', [work.at(name)]).status).toBe(0);
        else await mkdir(work.at(name));
        t.injected();
        const ended = await work.verb(name.startsWith('data_cache') ? 'rebuild AAPL' : 'add NVDA', {
          killAfterMs: 60_000,
        });
        // A list that is none is a mistake of the user's; a day that cannot be read is a day that is lacking.
        if (name.startsWith('massive_cache')) {
          expect([ended.code, ended.signal], ended.stderr).toEqual([3, null]);
          expect(ended.stdout).toContain('2024-06-03');
        } else {
          const isUsers = name === 'stocks.txt' || name === 'tracked.txt';
          tells(ended, isUsers ? 2 : 6, path.basename(name));
        }
        await rm(work.at(name), { recursive: true });
        expect(leftovers(work.root)).toEqual([]);
      });
    }
  },
);

it.skipIf(!isPosix)('folders behind links are used where they lie, and the links stay', LONG, async () => {
  const made = await template();
  await t.attempt('links', async () => {
    const work = await folder(made);
    for (const name of ['data_cache', 'massive_cache']) {
      await rename(work.at(name), path.join(work.root, name));
      await symlink(path.join(work.root, name), work.at(name));
    }
    await symlink(work.data, path.join(work.root, 'link'));
    const ended = await work.verb('add NVDA', { dataDir: path.join(work.root, 'link') });
    tells(ended, 0);
    for (const name of ['data_cache', 'massive_cache'])
      expect((await lstat(work.at(name))).isSymbolicLink()).toBe(true);
    expect(work.series('NVDA').split('\n')).toHaveLength(7);
  });
});

it.skipIf(!canDrop)(
  'a folder that this user may not write to: 6, and it can still be backed up and read',
  LONG,
  async () => {
    const made = await template();
    const work = await folder(made);
    chmodSync(work.root, 0o755);
    chmodSync(path.join(work.root, 'home'), 0o755);
    chmodSync(path.join(work.root, 'out'), 0o777);
    const before = work.everything();
    for (const verb of VERBS.filter(({ empty, spoil }) => empty !== true && spoil === undefined)) {
      await t.attempt(verb.name, async () => {
        t.injected();
        const ended = await runVerb(verb, work, { within: AS_NOBODY });
        if (['backup', 'export'].includes(verb.name)) tells(ended, 0);
        else tells(ended, 6, /no permission to open the file \(.*\): fix the permissions/);
        expect(work.everything()).toEqual(before);
      });
    }
    await t.attempt('backup beside a writer', async () => {
      await work.write(
        '.barloom.lock',
        `${JSON.stringify({ host: 'elsewhere', pid: 7, started: '', boot: '', command: 'populate', since: '' })}\n`,
      );
      const ended = await work.run(
        ['backup', path.join(work.root, 'out', 'other.tar'), '--data-dir', work.data],
        { within: AS_NOBODY },
      );
      tells(ended, 11, /in use by barloom populate \(pid 7 on elsewhere/);
      expect(await namesBelow(path.join(work.root, 'out'))).not.toContain('other.tar');
    });
    await t.attempt('a day that may not be read', async () => {
      await rm(work.at('.barloom.lock'));
      await chmod(work.at('massive_cache', '2024-06-03.csv.gz'), 0);
      const ended = await work.verb('show NVDA', { within: AS_NOBODY });
      tells(ended, 6, /no permission to open the file \(.*2024-06-03\.csv\.gz\)/);
    });
  },
);

it.skipIf(!canMount)('prune on a disk that is full to the last byte', LONG, async () => {
  const made = await template();
  await t.attempt('prune', async () => {
    const work = await folder(made);
    const disk = path.join(work.root, 'disk');
    const script = `
      mkdir "$DISK" && mount -t tmpfs -o size=400k none "$DISK" && cp -a "$DATA/." "$DISK" || exit 99
      dd if=/dev/zero of="$DISK/filling" bs=4096 2> /dev/null
      "$@"; code=$?
      rm "$DISK/filling"; cp -a "$DISK" "$OUT/after"; exit $code`;
    const ended = await runVerb({ name: 'prune', args: 'prune --keep-days 3 --yes' }, work, {
      dataDir: disk,
      env: { DISK: disk, DATA: work.data, OUT: path.join(work.root, 'out') },
      within: ['unshare', '-rm', 'sh', '-c', script, 'sh'],
    });
    t.injected();
    tells(ended, 0);
    const left = await namesBelow(path.join(work.root, 'out', 'after'));
    expect(left.filter((name) => name.endsWith('.gz')).sort()).toEqual(
      ['2024-06-03', '2024-06-04', '2024-06-05'].map((day) => `massive_cache/${day}.csv.gz`),
    );
    expect(left.filter((name) => /tmp$|lock$|ndjson$/.test(name))).toEqual([]);
    const again = await work.populate(`${DAYS} --tickers AAPL`, {
      dataDir: path.join(work.root, 'out', 'after'),
    });
    tells(again, 0);
    expect(await namesBelow(path.join(work.root, 'out', 'after', 'massive_cache'))).not.toContain(
      '2024-05-31.csv.gz',
    );
  });
});

it('a file system that refuses to fsync folders is taken at its word', LONG, async () => {
  const made = await template();
  for (const what of ['EINVAL', 'EACCES'] as const) {
    await t.attempt(what, async () => {
      const work = await folderFor({ ...fill, empty: true }, made);
      const folders = '(data|data_cache|massive_cache|\\.toc)$';
      const inject = { calls: ['fsync'], path: folders, at: 1, times: 1e9, what } as const;
      tells(await work.populate(`${DAYS} --tickers AAPL,BRK.B,MSFT`, { env: hooked({ inject }) }), 0);
      t.injected();
      expect(work.tiers()).toEqual(made.filled.tiers());
    });
  }
});

it(
  'a batch whose sync of the file system fails is written anew, not trusted by a later fsync',
  LONG,
  async () => {
    const made = await template(260);
    const all = { name: 'rebuild', args: 'rebuild --all-tickers --workers 1' };
    const whole = await folder(made);
    tells(await runVerb(all, whole), 0);
    await t.attempt('sync -f', async () => {
      const work = await folder(made);
      const bin = path.join(work.root, 'bin');
      await mkdir(bin);
      await writeFile(
        path.join(bin, 'sync'),
        '#!/bin/sh\necho "sync: error syncing: Input/output error" >&2\nexit 1\n',
        { mode: 0o755 },
      );
      const many = await runVerb({ name: 'add', args: `add ${(await tickersOf(whole)).join(' ')}` }, work, {
        env: { PATH: `${bin}${path.delimiter}${process.env.PATH}` },
      });
      t.injected();
      tells(many, 6, /could not write the file: EIO \(.*\/data(_cache)?\)/);
      expect(leftovers(work.root)).toEqual([]);
      expect((await namesBelow(work.at('data_cache'))).length).toBe(3);
      tells(await runVerb(all, work), 0);
      expect(await results(work)).toEqual(await results(whole));
    });
  },
);

async function tickersOf(work: Workdir): Promise<readonly string[]> {
  const names = await namesBelow(work.at('data_cache'));
  return names.map((name) => name.replace('_1d_data.csv', '')).filter((name) => /^[A-Z.]+$/.test(name));
}

it('data folders with names that are no names', LONG, async () => {
  const made = await template();
  const work = await folder(made);
  for (const name of ['with space', 'line\nend', 'ünï\u202e', '-dash']) {
    await t.attempt(JSON.stringify(name), async () => {
      const dataDir = path.join(work.root, name);
      await cp(work.data, dataDir, { recursive: true, preserveTimestamps: true });
      tells(await work.verb('add NVDA', { dataDir }), 0);
    });
  }
  for (const [dataDir, code] of [
    [path.join(work.root, 'n'.repeat(300)), 6],
    [path.join(work.root, ...Array.from({ length: 25 }, () => 'n'.repeat(200))), 6],
    [work.at('tracked.txt'), 6],
    ['/proc/barloom/data', 6],
  ] as const) {
    if (dataDir.startsWith('/proc') && process.platform !== 'linux') continue;
    await t.attempt(dataDir.slice(-30), async () => {
      t.injected();
      const ended = await work.populate(`${DAYS} --tickers AAPL`, { dataDir, killAfterMs: 60_000 });
      tells(ended, code, /^barloom: .*(folder|TOOLONG)/m);
    });
  }
});

it('a damaged file of a day without trading does not stay damaged for ever', LONG, async () => {
  const made = await template();
  await t.attempt('Saturday', async () => {
    const work = await folder(made);
    const bytes = readFileSync(work.at('massive_cache', '2024-06-03.csv.gz'));
    await work.write('massive_cache/2024-06-01.csv.gz', bytes.subarray(0, 200));
    t.injected();
    expect((await work.verb('verify')).code).toBe(7);
    const repair = await work.verb(`verify --repair --endpoint ${work.endpoint}`);
    expect(repair.code, repair.stdout).toBe(0);
    expect((await work.verb('verify')).code).toBe(0);
    expect(await namesBelow(work.at('massive_cache'))).toContainEqual(
      expect.stringMatching(/^2024-06-01\.csv\.gz\.damaged-/),
    );
  });
});
