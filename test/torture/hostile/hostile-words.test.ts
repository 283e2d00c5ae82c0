/**
 * What stands in barloom's own small files and in the user's is anything at all: another form, cut, damaged,
 * endless, a pipe, a folder. Every verb ends by itself with an exit code of the table and a sentence, and
 * nothing of the user's is gone.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import { together } from '../../support/workdir.js';
import { rounds, scaled, technique } from '../technique.js';
import { EVIL, expectWellTold } from '../told.js';

const t = technique('hostile words');
const isLong = scaled(0, 1) === 1;
const posix = process.platform !== 'win32';

/** A text, or what makes something of the name. */
type Content = string | Uint8Array | ((file: string) => void);

const deep = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000);

const CONTENTS: Readonly<Record<string, Content>> = {
  nothing: '',
  'NUL bytes': '\0'.repeat(1000),
  'brackets, 100,000 deep': deep('[', ']'),
  'objects, 100,000 deep': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  null: 'null',
  'a list': '[]',
  'an empty object': '{}',
  'a number without end': '1e999',
  escapes: `${EVIL}{"a":1`,
  'escapes in JSON': JSON.stringify({ [EVIL]: EVIL, schema_version: EVIL }),
  'a newer version': '{"schema_version":2,"datasets":{"x":1}}',
  'a version without end': '{"schema_version":1e300}',
  prototypes: '{"__proto__":{"schema_version":1,"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  'keys twice': '{"schema_version":1,"schema_version":2,"schema_version":1}',
  'UTF-16': Buffer.from('\ufeff{"schema_version":1}', 'utf16le'),
  'half a character': Buffer.from([0x7b, 0x22, 0xe2, 0x82]),
  'a folder': (file) => void mkdirSync(file),
  ...(posix
    ? {
        'a pipe that nobody writes into': (file: string) => void spawnSync('mkfifo', [file]),
        'a device without end': (file: string) => symlinkSync('/dev/zero', file),
        'a link to itself': (file: string) => symlinkSync(file, file),
        'a link to nothing': (file: string) => symlinkSync('/nonexistent/file', file),
      }
    : {}),
};
const FILES = ['progress.json', 'progress.ndjson', 'accepted.json', '.barloom.run', '.barloom.lock', 'barloom.json', 'tracked.txt', 'stocks.txt'] as const; // biome-ignore format: a list
const OTHER_VERBS = ['gaps', 'verify', 'verify --deep --repair', 'rebuild', 'doctor', 'backup ../b.tar --yes', 'export AAPL', 'tickers --tracked', 'prune --keep-days 1 --yes', 'move-archive ../moved', 'remove MSFT', 'nightly', 'weekly', 'show AAPL', 'backfill --dry-run']; // biome-ignore format: a list
/** The user's, or the only copy of something: never lost, wherever it is found again. */
const PRECIOUS: readonly string[] = [
  'progress.json',
  'accepted.json',
  'barloom.json',
  'tracked.txt',
  'stocks.txt',
];

/** A folder with a few days and a journal. */
const filled = filledOnce('--start 2024-06-05 --end 2024-06-12 --tickers AAPL,MSFT');

/** In turn, so that in the quick form too every kind of verb meets every file. */
function verbsFor(n: number): readonly string[] {
  const all = ['populate --start 2024-06-05 --end 2024-06-12', 'status --json', 'add BRK.B', ...OTHER_VERBS];
  return Array.from(
    { length: Math.min(all.length, rounds(1, 3)) },
    (_, i) => all[(n * 5 + i * 7) % all.length] ?? '',
  );
}

async function attempt(file: string, name: string, content: Content, verb: string): Promise<void> {
  const { work, sandbox } = await filled();
  const at = work.at(file);
  rmSync(at, { force: true, recursive: true });
  if (typeof content === 'function') content(at);
  else writeFileSync(at, content);
  t.injected();
  const asks = /^(populate|nightly|weekly|doctor|backfill|verify --deep)/.test(verb);
  const ended = await work.verb(`${verb}${asks ? ` --endpoint ${sandbox.endpoint}` : ''}`, {
    cwd: work.data,
    killAfterMs: 60_000,
  });
  expectWellTold(`${file} is ${name}, ${verb}`, ended, verb.includes('--json'));
  if (typeof content === 'function' || !PRECIOUS.includes(file)) return;
  const bytes = Buffer.from(content);
  const kept = readdirSync(work.data).some(
    (other) => other.startsWith(file) && readFileSync(work.at(other)).equals(bytes),
  );
  // A list that can be read may be added to; nothing else of it changes.
  const grown = existsSync(at) && readFileSync(at).subarray(0, bytes.length).equals(bytes);
  expect(kept || grown, `${file}, ${name}, ${verb}: gone`).toBe(true);
}

describe.each(FILES)('%s', (file) => {
  it('holds anything', { timeout: scaled(240_000, 3_600_000) }, async () => {
    const tries = Object.entries(CONTENTS)
      .filter(([name], n) => isLong || name.includes('pipe') || (n + FILES.indexOf(file)) % 5 === 0)
      .flatMap(([name, content], n) =>
        verbsFor(n + FILES.indexOf(file)).map((verb) => [name, content, verb] as const),
      );
    const rest = [...tries];
    const worker = async (): Promise<void> => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const [name, content, verb] = next;
        await t.attempt(`${file}: ${name}: ${verb}`, () => attempt(file, name, content, verb));
      }
    };
    await together([worker(), worker()]);
  });
});

describe('a record of another form, in progress.json and its journal', () => {
  const DAY = '2024-06-06';
  const VALUES: readonly unknown[] = [null, 5, -1, 'x', EVIL, [], { a: 1 }, true];
  const FIELDS = ['size', 'etag', 'last_modified', 'rows', 'archive', 'correct', 'problem', 'pruned'];

  it('is told, moved aside and learnt again', { timeout: scaled(240_000, 1_200_000) }, async () => {
    const cases = FIELDS.flatMap((field) => VALUES.map((value) => [field, value] as const));
    const tried = cases.filter(
      ([field, value]) => isLong || (value === null && /archive|correct|problem/.test(field)),
    );
    for (const [field, value] of tried) {
      const { work } = await filled();
      const json = JSON.parse(work.read('progress.json'));
      json.datasets.stocks_daily.days[DAY][field] = value;
      delete json.check;
      await work.write('progress.json', JSON.stringify(json));
      const step = JSON.stringify({
        step: 'day',
        dataset: 'stocks_daily',
        day: DAY,
        record: { [field]: value },
      });
      await work.write('progress.ndjson', `${step}\t${crc32(step).toString(16).padStart(8, '0')}\n`);
      t.injected();
      await t.attempt(`${field} ${JSON.stringify(value)}`, async () => {
        for (const verb of ['verify', 'gaps']) expectWellTold(`${verb}, ${field}`, await work.verb(verb));
        const tiers = work.tiers();
        const ended = await work.populate('--start 2024-06-05 --end 2024-06-12');
        expectWellTold(`populate, ${field}`, ended);
        expect(ended.code, ended.stderr).toBe(0);
        expect(work.tiers()).toEqual(tiers);
      });
    }
  });
});

it.skipIf(!posix)(
  'a list comes out of a pipe; one that nobody writes into does not outlive Ctrl-C',
  async () => {
    const { work } = await filled();
    const bash = ['bash', '-c', '"$@" --file <(sleep 0.3; echo BRK.B; sleep 0.3; echo TRUE)', 'bash'];
    const piped = await work.verb('add', { within: bash });
    expect(piped.code, piped.stderr).toBe(0);
    expect(work.read('tracked.txt')).toContain('BRK.B\nTRUE\n');
    spawnSync('mkfifo', [work.at('pipe')]);
    const waiting = await work.verb(`add --file ${work.at('pipe')}`, {
      onStart: (child) => {
        for (const ms of [1500, 2000]) setTimeout(() => child.kill('SIGINT'), ms);
      },
      killAfterMs: 60_000,
    });
    expect(waiting.signal).toBeNull();
    expect([130, 2], waiting.stderr).toContain(waiting.code);
    t.tried(2);
  },
);
