/**
 * What a lock file can look like, and who can have left it: a dead run's is taken over, whatever else is
 * somebody's is not, and the message says who and what to do. The real command each time.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { type Ended, market, Workdir } from '../../support/workdir.js';
import { LONG, sampled, technique } from '../technique.js';

const t = technique('Locks: whoever left it');
const VERB = 'add META';

/** A folder with a day in it. */
async function folder(): Promise<Workdir> {
  const work = await Workdir.make(await market());
  const made = await work.populate('--start 2024-05-13 --end 2024-05-14 --tickers AAPL');
  expect(made.code, made.stderr).toBe(0);
  return work;
}

/** What a run of the command writes into its lock when it is killed. */
async function left(work: Workdir): Promise<Record<string, unknown>> {
  const killed = await work.populate('--start 2024-05-15 --end 2024-05-31 --tickers AAPL --rate-limit 5', {
    onStderr: (stderr, child) => {
      if (stderr.includes('to do: ')) child.kill('SIGKILL');
    },
  });
  expect(killed.signal).toBe('SIGKILL');
  t.injected();
  return JSON.parse(work.read('.barloom.lock')) as Record<string, unknown>;
}

function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

type Lock = Record<string, unknown>;
const NOBODY = 4_999_999;

/** Ends with 11, says this, and the lock stays as it was. */
interface Refused {
  readonly says: RegExp;
  /** Whether --break-lock takes it. */
  readonly breaks: boolean;
}

const cases: readonly (readonly [string, (dead: Lock) => Lock | string, 'taken' | Refused])[] = [
  ['a killed run', (dead) => dead, 'taken'],
  ['a pid that is nobody', (dead) => ({ ...dead, pid: NOBODY }), 'taken'],
  ['a pid that is another process now', (dead) => ({ ...dead, pid: process.pid }), 'taken'],
  ['pid 1, started at another time', (dead) => ({ ...dead, pid: 1, started: '999999999' }), 'taken'],
  ['a boot before this one', (dead) => ({ ...dead, boot: 'another' }), 'taken'],
  [
    'a boot before this one, whose pid lives',
    (dead) => ({ ...dead, boot: 'another', pid: 1, started: startOf(1) }),
    'taken',
  ],
  ['this boot, under a name that the host had then', (dead) => ({ ...dead, host: 'old-name' }), 'taken'],
  ['an older barloom, dead', ({ machine: _, pid_namespace: __, ...dead }) => dead, 'taken'],
  ['a time in the future', (dead) => ({ ...dead, since: '2099-01-01T00:00:00.000Z' }), 'taken'],
  [
    'a process that is alive',
    (dead) => ({ ...dead, pid: process.pid, started: startOf(process.pid) }),
    { says: /Wait for it to finish, or give this run another --data-dir/, breaks: false },
  ],
  [
    'a process that is alive, under another name of the host',
    (dead) => ({ ...dead, host: 'old-name', pid: process.pid, started: startOf(process.pid) }),
    { says: /pid \d+ on old-name.*Wait for it to finish/, breaks: false },
  ],
  [
    'a process whose start is not told',
    (dead) => ({ ...dead, pid: process.pid, started: '' }),
    { says: /If process \d+ is no barloom, say --break-lock/, breaks: true },
  ],
  [
    'another host',
    (dead) => ({ ...dead, host: 'elsewhere', boot: 'another', machine: 'other', pid: NOBODY }),
    { says: /on elsewhere.*cannot be seen from here.*certainly dead, say --break-lock/, breaks: true },
  ],
  [
    'another host, by an older barloom',
    ({ machine: _, pid_namespace: __, ...dead }) => ({ ...dead, host: 'elsewhere', pid: NOBODY }),
    { says: /on elsewhere.*--break-lock/, breaks: true },
  ],
  [
    'another machine of the same name',
    (dead) => ({ ...dead, machine: 'other', boot: 'another', pid: NOBODY }),
    { says: /another machine of the same name.*--break-lock/, breaks: true },
  ],
  [
    'another container on this machine',
    (dead) => ({ ...dead, pid_namespace: 'pid:[1]', pid: NOBODY }),
    { says: /another container.*--break-lock/, breaks: true },
  ],
  [
    'another container, whose pid is one of ours',
    (dead) => ({ ...dead, pid_namespace: 'pid:[1]', pid: process.pid, started: startOf(process.pid) }),
    { says: /another container.*--break-lock/, breaks: true },
  ],
  ['nothing, just now', () => '', { says: /unreadable lock file.*remove that file/, breaks: true }],
  [
    'half a lock, just now',
    (dead) => JSON.stringify(dead).slice(0, 40),
    { says: /unreadable lock file/, breaks: true },
  ],
  ['garbage, just now', () => '\0\u001b[2Jgarbage', { says: /unreadable lock file/, breaks: true }],
  [
    'a pid that stands for all',
    (dead) => ({ ...dead, pid: -1 }),
    { says: /unreadable lock file/, breaks: true },
  ],
];

const READERS = ['status', 'gaps', 'show AAPL', 'export AAPL', 'tickers', 'verify'];

let model: Lock = {};
let work: Workdir;

function touch(work: Workdir): void {
  const now = new Date();
  if (work.has('.barloom.lock')) utimesSync(work.at('.barloom.lock'), now, now);
}

async function refusedWith(
  ended: Ended,
  says: RegExp,
  before: Readonly<Record<string, string>>,
): Promise<void> {
  expect(ended.code, ended.stderr.slice(0, 400)).toBe(11);
  expect(ended.stderr.replaceAll(/\s+/g, ' ')).toMatch(says);
  expect([...ended.stderr].filter((letter) => letter < ' ' && letter !== '\n')).toEqual([]);
  expect(work.everything()).toEqual(before);
}

it('a lock is taken over where its holder is dead, and otherwise told', async () => {
  work = await folder();
  model = await left(work);
  // In the quick form every second one.
  for (const [what, make, outcome] of sampled(cases, 10)) {
    await t.attempt(what, async () => {
      const made = make(model);
      const text = typeof made === 'string' ? made : `${JSON.stringify(made)}\n`;
      await work.write('.barloom.lock', text);
      if (outcome === 'taken') {
        const { code, stderr } = await work.verb(VERB);
        expect(code, stderr.slice(0, 400)).toBe(0);
        expect(Object.keys(work.everything()).filter((name) => name.includes('.lock'))).toEqual([]);
        return;
      }
      // However slow this machine is: it was made just now.
      const young = typeof made === 'string' ? setInterval(() => touch(work), 200) : undefined;
      onTestFinished(() => clearInterval(young));
      const before = work.everything();
      await refusedWith(await work.verb(VERB), outcome.says, before);
      // Who only looks takes none, and is in nobody's way.
      for (const reader of READERS.slice(0, LONG ? READERS.length : 1)) {
        const read = await work.verb(reader);
        expect([0, 3], `${reader}: ${read.stderr.slice(0, 300)}`).toContain(read.code);
      }
      expect(work.everything()).toEqual(before);
      const broken = await work.verb(`${VERB} --break-lock`);
      expect(broken.code, broken.stderr.slice(0, 300)).toBe(outcome.breaks ? 0 : 11);
      clearInterval(young);
      await work.remove('.barloom.lock').catch(() => undefined);
    });
  }
}, 600_000);

it('what cannot be read is not taken while it is new, by whatever clock, and is taken when it is old', async () => {
  work = await folder();
  for (const [what, age] of [
    ['old', 60],
    ['from the future', -3600],
  ] as const) {
    for (const text of sampled(['', '{"host":"x","pi', 'garbage'], 1)) {
      await t.attempt(`${what}: ${text}`, async () => {
        const file = await work.write('.barloom.lock', text);
        utimesSync(file, Date.now() / 1000 - age, Date.now() / 1000 - age);
        const { code, stderr } = await work.verb(VERB);
        expect(code, stderr).toBe(0);
        expect(work.has('.barloom.lock')).toBe(false);
      });
    }
  }
}, 600_000);

it('a folder in its place, and one that may not be read, are told with what to do', async () => {
  work = await folder();
  await t.attempt('a folder', async () => {
    mkdirSync(work.at('.barloom.lock'));
    const { code, stderr } = await work.verb(VERB);
    expect(code).toBe(6);
    expect(stderr).toContain('.barloom.lock');
    for (const reader of ['status', 'gaps', 'show AAPL', 'verify'])
      expect([0, 3], reader).toContain((await work.verb(reader)).code);
    await work.remove('.barloom.lock');
  });
  const may = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', 'true']).status === 0;
  if (!may) return;
  await t.attempt('may not be read', async () => {
    writeFileSync(work.at('.barloom.lock'), `${JSON.stringify(model)}\n`);
    chmodSync(work.at('.barloom.lock'), 0o600);
    for (const dir of [work.root, work.data, work.at('massive_cache'), work.at('data_cache')])
      chmodSync(dir, 0o777);
    const within = ['setpriv', '--reuid=65534', '--clear-groups'];
    const { code, stderr } = await work.verb(VERB, { within });
    expect(code).toBe(6);
    expect(stderr).toMatch(/no permission.*\.barloom\.lock/);
    expect((await work.verb('status', { within })).code).toBe(0);
  });
}, 600_000);

const spaces = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
it.skipIf(!spaces)(
  'a run in another container on this machine is not taken for dead (skipped where unshare may not make one)',
  async () => {
    work = await folder();
    await t.attempt('both ways', async () => {
      const ways = [
        [CONTAINER, []],
        [[], CONTAINER],
        [CONTAINER, CONTAINER],
      ] as const;
      for (const [one, other] of sampled(ways, 1)) {
        let refused: Promise<Ended> | undefined;
        const first = await work.populate(
          '--start 2024-05-15 --end 2024-05-24 --tickers AAPL --rate-limit 4 --force',
          {
            within: one,
            onStderr: (stderr) => {
              if (stderr.includes('to do: ')) refused ??= work.verb(VERB, { within: other });
            },
          },
        );
        expect(first.code, first.stderr.slice(0, 300)).toBe(0);
        const ended = await refused;
        expect(ended?.code, ended?.stderr.slice(0, 300)).toBe(11);
        expect(ended?.stderr.replaceAll(/\s+/g, ' ')).toMatch(/another container.*--break-lock/);
        t.tried(1);
      }
    });
  },
  600_000,
);
const CONTAINER: readonly string[] = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
