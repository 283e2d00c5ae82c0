/**
 * Readers take no lock. Beside a command that writes, beside one that is killed again and again, and beside
 * what a kill leaves, they end well and say what is true: what stands in the folder before or after, never
 * something in between.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Ended, Workdir } from '../support/workdir.js';
import { hooked } from './hooked.js';
import { seeded } from './kill/kill.js';
import { copyOf, HERE, LAST, sharedKillFolders, USERS_ROW } from './kill/kill-vendor.js';
import { rounds, SEED, scaled, technique } from './technique.js';

const t = technique('readers beside a writer');
const random = seeded(SEED);
const { folders, whenOver } = sharedKillFolders();

/** What is here of a folder that holds HERE already is never told to be less. */
const SESSIONS_HERE = 9;

interface Reader {
  readonly args: readonly string[];
  readonly codes: readonly number[];
  readonly holds: (ended: Ended, work: Workdir) => void;
}

const READERS: readonly Reader[] = [
  { args: ['status', '--json'], codes: [0], holds: ({ stdout }) => hereInStatus(stdout) },
  {
    args: ['gaps', '--json', '--start', HERE.start, '--end', HERE.end],
    codes: [0, 3],
    holds: ({ stdout }) => hereInGaps(stdout),
  },
  { args: ['export', 'AAPL', '--format', 'ndjson'], codes: [0], holds: ({ stdout }) => wholeRows(stdout) },
  {
    args: ['export', 'T003', '--start', HERE.start, '--end', HERE.end],
    codes: [0],
    holds: ({ stdout }) => expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(SESSIONS_HERE - 3),
  },
  {
    args: ['show', 'AAPL', '--months', '1'],
    codes: [0],
    holds: ({ stdout }) => expect(stdout).toContain('sessions'),
  },
  {
    args: ['tickers', '--json', '--on', HERE.end],
    codes: [0],
    holds: ({ stdout }) => expect(() => JSON.parse(stdout)).not.toThrow(),
  },
  {
    args: ['verify', '--deep', '--json'],
    codes: [0],
    holds: ({ stdout }) => expect(JSON.parse(stdout).datasets[0].damage).toEqual([]),
  },
];

function hereInStatus(stdout: string): void {
  const { datasets } = JSON.parse(stdout);
  expect(datasets[0].days.done ?? datasets[0].days.here, stdout.slice(0, 600)).toBeGreaterThanOrEqual(
    SESSIONS_HERE,
  );
}

function hereInGaps(stdout: string): void {
  const { datasets } = JSON.parse(stdout);
  expect(datasets[0].open, stdout.slice(0, 600)).toBe(0);
}

function wholeRows(stdout: string): void {
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.length).toBeGreaterThan(SESSIONS_HERE);
  expect(stdout).toContain(USERS_ROW.slice(0, 10));
}

/** Runs the readers one after another, round and round, until told to stop. */
async function readOn(work: Workdir, readers: readonly Reader[], isOver: () => boolean): Promise<number> {
  let n = 0;
  for (; n < readers.length || !isOver(); n++) {
    const { args, codes, holds } = readers[n % readers.length] as Reader;
    await t.attempt(args.join(' '), async () => {
      const ended = await work.run([...args, '--data-dir', work.data]);
      expect(codes, `${ended.code ?? ended.signal}: ${(ended.stderr + ended.stdout).slice(-500)}`).toContain(
        ended.code,
      );
      holds(ended, work);
    });
  }
  return n;
}

const WRITERS: readonly (readonly string[])[] = [
  ['populate', '--start', HERE.start, '--end', LAST, '--force', '--endpoint'],
  ['rebuild', '--all-tickers'],
];

it.each(WRITERS.map((args) => ({ args, name: args.slice(0, 1).join(' ') })))(
  'beside $name, which is killed and started again',
  { timeout: scaled(240_000, 3_600_000) },
  async ({ args }) => {
    const work = await copyOf(folders().filled, whenOver);
    const times = rounds(2, 40);
    let isOver = false;
    const writer = async (): Promise<void> => {
      for (let round = 0; round < times; round++) {
        const whole = [
          ...args,
          ...(args.at(-1) === '--endpoint' ? [work.endpoint ?? ''] : []),
          '--data-dir',
          work.data,
        ];
        const killAfterMs = round % 2 === 0 ? 300 + random() * 1200 : 60_000;
        const { code, signal, stderr } = await work.run(whole, { killAfterMs });
        if (signal === 'SIGKILL') t.injected();
        else expect(code, stderr).toBe(0);
      }
    };
    const writing = writer().finally(() => {
      isOver = true;
    });
    const half = Math.ceil(READERS.length / 2);
    const results = await Promise.allSettled([
      writing,
      readOn(work, READERS.slice(0, half), () => isOver),
      readOn(work, READERS.slice(half), () => isOver),
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  },
);

it.skipIf(process.platform === 'win32')(
  'a reader that is between progress.json and its journal while a writer folds the one into the other',
  { timeout: 120_000 },
  async () => {
    const work = await copyOf(folders().filled, whenOver);
    // Its steps are in the journal alone.
    const added = await work.verb('add T007');
    expect(added.code, added.stderr).toBe(0);
    expect(work.has('progress.ndjson')).toBe(true);
    const log = path.join(work.root, 'calls.ndjson');
    writeFileSync(log, '');
    const inject = { what: 'stop-before', calls: ['read'], path: 'progress\\.ndjson$', at: 1 } as const;
    let reader: ChildProcess | undefined;
    const reading = t.attempt('gaps', async () => {
      const onStart = (child: ChildProcess): void => {
        reader = child;
      };
      const ended = await work.verb(`gaps --json --start ${HERE.start} --end ${HERE.end}`, {
        env: hooked({ log, inject }),
        onStart,
      });
      expect(ended.code, (ended.stderr + ended.stdout).slice(0, 500)).toBe(0);
    });
    const writing = (async () => {
      while (!readFileSync(log, 'utf8').includes('stopped')) await setTimeout(20);
      t.injected();
      const { code, stderr } = await work.verb('rebuild T008');
      reader?.kill('SIGCONT');
      expect(code, stderr).toBe(0);
      expect(work.has('progress.ndjson')).toBe(false);
    })();
    await Promise.all([reading, writing]);
  },
);
