/**
 * Data folders with one break each, and what every verb says to it: none reports a bug, hangs or fills the
 * memory; a row that is lacking is told with its day; and verify --repair, makes the folder what it was.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sameFiles } from '../../e2e/verify/tree.js';
import { blocksOf } from '../../store/archive/blocks.js';
import { filledOnce } from '../../support/filled-once.js';
import { missingPrograms } from '../../support/others.js';
import { barLine, dayObjects, type Ended, HEADER, together, type Workdir } from '../../support/workdir.js';
import { scaled, technique } from '../technique.js';

const t = technique('hostile archive: broken folders');
const DAYS = ['2024-06-11', '2024-06-12', '2024-06-13'] as const;
const BROKEN = '2024-06-12';
const RANGE = `--start ${DAYS[0]} --end ${DAYS[2]}`;
const ARCHIVED = `massive_cache/${BROKEN}.csv.gz`;
const OTHER = 'massive_cache/2024-06-13.csv.gz';
const TABLE = 'massive_cache/.toc/2024-06';
/** Behind the first 24 KiB, in the member that the flipped byte is in. */
const EXPORTED = 'T0700';

/**
 * What the break hurts: the day's file, so that its rows are lacking until it is mended, or only what is
 * derived from it.
 */
interface Break {
  readonly what: string;
  readonly hurts: 'day' | 'table' | 'nothing';
  readonly make: (at: (name: string) => string) => void;
}

function changed(file: string, change: (bytes: Buffer) => Uint8Array): void {
  const { atimeMs, mtimeMs } = statSync(file);
  writeFileSync(file, change(readFileSync(file)));
  utimesSync(file, atimeMs / 1000, mtimeMs / 1000);
}

function pipe(file: string): void {
  rmSync(file);
  execFileSync('mkfifo', [file]);
}

function folder(file: string): void {
  rmSync(file, { recursive: true });
  mkdirSync(file);
}

const day = (what: string, make: (file: string) => void): Break => ({
  what,
  hurts: 'day',
  make: (at) => make(at(ARCHIVED)),
});
const table = (what: string, make: (file: string) => void): Break => ({
  what,
  hurts: 'table',
  make: (at) => make(at(TABLE)),
});

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}

function flipped(bytes: Buffer): Buffer {
  const { offset, size } = blocksOf(bytes)[2] ?? { offset: 0, size: 0 };
  const at = offset + (size >> 1);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

/** Members of zeros, by the thousand. */
function bombOfBlocks(file: string): void {
  const bytes = execFileSync('bgzip', ['-c'], { input: Buffer.alloc(65_000) });
  const member = bytes.subarray(0, blocksOf(bytes)[0]?.size);
  const members = Array.from({ length: scaled(2000, 40_000) }, () => member);
  writeFileSync(file, Buffer.concat([...members, bytes.subarray(-28)]));
}

/** The quick form takes the first ones: those that hurt once, and some that are likely. */
const IN_QUICK_FORM = 5;
const BREAKS: readonly Break[] = [
  day('a day file of 10 GB of nothing', (file) => truncateSync(file, 10 * 2 ** 30)),
  day('a pipe in the place of a day file', pipe),
  day('a bomb in blocks in the place of a day file', bombOfBlocks),
  table('a table of contents cut in half', (file) => changed(file, half)),
  day('a day file with a byte flipped in the member that is read', (file) => changed(file, flipped)),
  day('a folder in the place of a day file', folder),
  table('a pipe in the place of a table', pipe),
  table('a folder in the place of a table', folder),
  day('a day file that lacks the end marker', (file) => changed(file, (bytes) => bytes.subarray(0, -28))),
  day('a day file of no bytes', (file) => writeFileSync(file, '')),
  day('a day file cut in the middle of a member', (file) => changed(file, half)),
  day('a day file that is a web page', (file) => writeFileSync(file, '<html>not found</html>')),
  day('a day file that is gzip of another thing', (file) => writeFileSync(file, gzipSync('a,b\n1,2\n'))),
  day('a gzip bomb in the place of a day file', (file) =>
    writeFileSync(file, gzipSync(Buffer.alloc(scaled(100, 1000) << 20))),
  ),
  { what: 'plain gzip in the place of a day file', hurts: 'nothing', make: (at) => plain(at(ARCHIVED)) },
  {
    what: 'a day file behind a link',
    hurts: 'nothing',
    make: (at) => link(at(ARCHIVED), at('../elsewhere.gz')),
  },
  table('a table of 5 GB', (file) => truncateSync(file, 5 * 2 ** 30)),
  { what: 'no table', hurts: 'nothing', make: (at) => rmSync(at(TABLE)) },
  {
    what: "another day's file and time in the place of a day's",
    hurts: 'day',
    make: (at) => cpSync(at(OTHER), at(ARCHIVED), { preserveTimestamps: true }),
  },
];

function plain(file: string): void {
  const text = execFileSync('gzip', ['-dc', file], { maxBuffer: 1 << 26 });
  writeFileSync(file, gzipSync(text));
}

function link(file: string, to: string): void {
  cpSync(file, to, { preserveTimestamps: true });
  rmSync(file);
  symlinkSync(to, file);
}

const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/pipe/, 'mkfifo'],
  [/bomb in blocks/, 'bgzip'],
  [/plain gzip/, 'gzip'],
];
const TELLS_BY_BYTES = /another day's file/;

describe.skipIf(process.platform === 'win32')(
  'broken folders (skipped on Windows: pipes, sparse files)',
  () => {
    test.each(BREAKS.slice(0, scaled(IN_QUICK_FORM, BREAKS.length)))(
      '$what',
      { timeout: 300_000 },
      async (broken) => {
        const lacking = NEEDS.find(
          ([pattern, tool]) => pattern.test(broken.what) && missingPrograms([tool]).length > 0,
        );
        if (lacking !== undefined) {
          console.log(`${broken.what}: skipped, there is no ${lacking[1]}`);
          return;
        }
        await t.attempt(broken.what, () => course(broken));
      },
    );
  },
);

function textOf(open: number): string {
  return (
    HEADER +
    Array.from({ length: 1000 }, (_, i) => barLine(`T${String(i).padStart(4, '0')}`, open + (i % 9))).join('')
  );
}

const filled = filledOnce(`${RANGE} --tickers T0001,T0300`, {
  objects: dayObjects(Object.fromEntries(DAYS.map((day, i) => [day, textOf(10 + i)]))),
});

async function course(broken: Break): Promise<void> {
  const { work } = await filled();
  const before = work.tiers();
  const truth = (await work.verb(`export ${EXPORTED}`)).stdout;
  broken.make((name) => work.at(name));
  t.injected();

  const image = broken.what.includes('pipe') ? undefined : work.times();
  const readers = ['status', 'tickers', 'gaps', 'show T0300', 'verify'].map(async (verb) =>
    sound(verb, await work.verb(verb)),
  );
  await together([
    ...readers,
    work.verb(`export ${EXPORTED}`).then((ended) => judgeRows(broken, sound('export', ended), truth)),
    work.verb('verify --deep').then((ended) => {
      const code = broken.hurts === 'nothing' || broken.what === 'no table' ? 0 : 7;
      expect(sound('verify --deep', ended).code, ended.stdout + ended.stderr).toBe(code);
    }),
  ]);
  if (image !== undefined) expect(work.times()).toEqual(image);

  const added = sound('add', await work.verb('add T0800'));
  if (broken.hurts === 'day' && !TELLS_BY_BYTES.test(broken.what)) {
    expect(added.code, added.stdout).toBe(3);
    expect(added.stdout).toContain(BROKEN);
  } else expect(added.code, added.stdout + added.stderr).toBe(0);

  await mended(broken, work, before);
}

/** No verb ends by a bug's code, by a signal, or with a stack on the screen. */
function sound(verb: string, ended: Ended): Ended {
  t.tried(1);
  const said = `${verb}: ${ended.code} ${ended.signal}\n${ended.stdout.slice(0, 2000)}\n${ended.stderr.slice(0, 2000)}`;
  expect(ended.signal, said).toBeNull();
  expect([0, 3, 7].includes(ended.code ?? -1), said).toBe(true);
  expect(/ at .*\(|bug of barloom/.test(ended.stderr), said).toBe(false);
  expect(ended.stderr.length, said).toBeLessThan(20_000);
  return ended;
}

/** Rows on stdout are the true ones; if not all, the day is told and the code is not 0. */
function judgeRows(broken: Break, { code, stdout, stderr }: Ended, truth: string): void {
  if (TELLS_BY_BYTES.test(broken.what)) return;
  const rows = stdout.trim().split('\n');
  expect(rows.filter((row) => !truth.split('\n').includes(row))).toEqual([]);
  if (broken.hurts === 'day') {
    expect(code, stderr).toBe(3);
    expect(stderr).toContain(BROKEN);
  } else {
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(truth);
  }
}

/**
 * What repair leaves is the folder as it was, and nothing to find; a day of another date only progress.json's
 * hash can tell.
 */
async function mended(broken: Break, work: Workdir, before: Readonly<Record<string, string>>): Promise<void> {
  const repaired = await work.run([
    ...['verify', '--deep', '--repair', '--data-dir', work.data],
    ...['--endpoint', work.endpoint ?? ''],
  ]);
  expect(sound('verify --repair', repaired).code, repaired.stdout + repaired.stderr).toBe(0);
  expect(sound('verify', await work.verb('verify --deep')).code).toBe(0);
  // What was moved aside may be too large to be hashed.
  for (const name of readdirSync(work.at('massive_cache')))
    if (/\.(?:damaged|original)-/.test(name)) rmSync(work.at('massive_cache', name), { recursive: true });
  if (broken.what !== 'a day file behind a link') expect(sameFiles(before, work)).toEqual(before);
  const again = await work.populateJson(`${RANGE} --tickers T0001,T0300`);
  expect(again.code, again.stderr).toBe(0);
  expect(again.summary.requests.get).toBe(0);
  const stray = Object.keys(work.everything()).filter((name) => /tmp$|\.lock$/.test(name));
  expect(stray).toEqual([]);
}
