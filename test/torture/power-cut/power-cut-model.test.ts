/**
 * The disk in memory loses what a disk may lose, and nothing that was synced: a model that forgave too much
 * would prove nothing.
 */
import { expect, it } from 'vitest';
import type { LoggedCall } from '../hooked.js';
import { type Chance, type DiskFile, diskFile } from './memory-disk.js';
import { filesOf } from './power-cut-oracle.js';
import { ReplayedDisk } from './replayed-disk.js';

type Call = Partial<LoggedCall> & { readonly call: LoggedCall['call'] };

/** One after another; every call is a begin and an end. */
function diskOf(...calls: readonly Call[]): ReplayedDisk {
  const old = diskFile(Buffer.from('before'), 1);
  const disk = new ReplayedDisk(new Map<string, DiskFile | 'folder'>([['/d', 'folder'], ['/d/old', old]]), ['/d']); // biome-ignore format: two entries
  const logged = calls.flatMap((call, id): LoggedCall[] => {
    const about = { pid: 1, thread: 0, id, call: call.call };
    const opens = call.call.startsWith('open');
    const { fd, ...begin } = call;
    return [
      { at: 'begin', ...about, ...begin, ...(opens || fd === undefined ? {} : { fd }) },
      { at: 'end', ...about, ...(fd === undefined ? {} : { fd }) },
    ];
  });
  disk.replay(logged, () => false);
  return disk;
}

const TEXT = 'a'.repeat(600) + 'b'.repeat(600);
const make = (path: string, fd: number): readonly Call[] => [
  { call: 'open', path, create: true, truncate: true, fd },
  { call: 'write', fd, position: null, data: Buffer.from(TEXT).toString('base64') },
];
const RENAMED: Call = { call: 'rename', from: '/d/tmp', path: '/d/old' };
const syncFolder = (path = '/d'): readonly Call[] => [
  { call: 'open-read', path, fd: 9 },
  { call: 'fsync', fd: 9 },
];

/** What all crashes at the end can leave under the name, by systematic chances. */
function contents(disk: ReplayedDisk, name: string, at = disk.length): Set<string> {
  const found = new Set<string>();
  for (let mask = 0; mask < 2 ** 8; mask++)
    for (const fate of [0, 1, 2, 3, 4]) {
      let i = 0;
      const chance: Chance = (n) => (n === 2 ? (mask >> i++) & 1 : n === 5 ? fate : mask % n);
      const file = filesOf(disk.crash(at, chance)).get(name);
      found.add(file === undefined ? 'gone' : told(file.content.toString()));
    }
  return found;
}

function told(text: string): string {
  if (text === TEXT) return 'whole';
  if (text === '' || text === 'before') return text === '' ? 'empty' : text;
  return /^\0+$/.test(text) ? 'zeros' : text.includes('\0') ? 'torn' : 'cut';
}

it.each<readonly [string, readonly Call[], string, readonly string[]]>([
  [
    'a new file that was not synced',
    make('/d/new', 3),
    '/d/new',
    ['gone', 'empty', 'cut', 'torn', 'whole', 'zeros'],
  ],
  [
    'whose folder was synced',
    [...make('/d/new', 3), ...syncFolder()],
    '/d/new',
    ['empty', 'cut', 'torn', 'whole', 'zeros'],
  ],
  [
    'that was synced without its name',
    [...make('/d/new', 3), { call: 'fsync', fd: 3 }],
    '/d/new',
    ['gone', 'whole'],
  ],
  [
    'that was synced, and its folder too',
    [...make('/d/new', 3), { call: 'fsync', fd: 3 }, ...syncFolder()],
    '/d/new',
    ['whole'],
  ],
  ['after a syncfs', [...make('/d/new', 3), { call: 'syncfs', folders: ['/d'] }], '/d/new', ['whole']],
  [
    'a rename before its data were synced',
    [...make('/d/tmp', 3), RENAMED, ...syncFolder()],
    '/d/old',
    ['empty', 'cut', 'torn', 'whole', 'zeros'],
  ],
  [
    'a rename whose folder was not synced',
    [...make('/d/tmp', 3), { call: 'fsync', fd: 3 }, RENAMED],
    '/d/old',
    ['before', 'whole'],
  ],
  [
    'a whole replacement',
    [...make('/d/tmp', 3), { call: 'fsync', fd: 3 }, RENAMED, ...syncFolder()],
    '/d/old',
    ['whole'],
  ],
  [
    'what was cut and written anew',
    make('/d/old', 3),
    '/d/old',
    ['before', 'empty', 'cut', 'torn', 'whole', 'zeros'],
  ],
  ['what was removed', [{ call: 'unlink', path: '/d/old' }], '/d/old', ['before', 'gone']],
  ['what was removed for good', [{ call: 'unlink', path: '/d/old' }, ...syncFolder()], '/d/old', ['gone']],
  [
    'a new folder, synced but for its own name',
    [
      { call: 'mkdir', path: '/d/sub' },
      ...make('/d/sub/new', 3),
      { call: 'fsync', fd: 3 },
      ...syncFolder('/d/sub'),
    ],
    '/d/sub/new',
    ['gone', 'whole'],
  ],
])('%s', (_, calls, name, expected) => {
  expect([...contents(diskOf(...calls), name)].sort()).toEqual([...expected].sort());
});

it('a sync that began before the write ended does not cover it', () => {
  const disk = new ReplayedDisk(new Map([['/d', 'folder']]), ['/d']);
  const [open, write] = make('/d/new', 3);
  const at = (id: number, when: 'begin' | 'end', call: Call | undefined, more: object = {}): LoggedCall =>
    ({ pid: 1, thread: 0, at: when, id, ...call, ...more }) as LoggedCall;
  disk.replay(
    [
      at(1, 'begin', open, { fd: undefined }), at(1, 'end', open),
      at(2, 'begin', write), at(3, 'begin', { call: 'fsync', fd: 3 }), at(2, 'end', write), at(3, 'end', { call: 'fsync' }),
    ], // biome-ignore format: the order is what matters
    () => false,
  );
  expect(contents(disk, '/d/new')).toContain('zeros');
});

it('two changes of names may reach the disk in either order', () => {
  const disk = diskOf(
    { call: 'link', from: '/d/old', path: '/d/kept' },
    ...make('/d/tmp', 3),
    { call: 'fsync', fd: 3 },
    RENAMED,
  );
  const seen = new Set<string>();
  for (let mask = 0; mask < 8; mask++) {
    let i = 0;
    const files = filesOf(disk.crash(disk.length, () => (mask >> i++) & 1));
    seen.add(`${files.has('/d/kept')} ${told(files.get('/d/old')?.content.toString() ?? '')}`);
  }
  expect(seen).toContain('false whole');
});
