/**
 * Many real commands that reach for one lock in the same instant: one of them writes, the others say who, and
 * what stands there in the end is what the same commands leave one after another. Also where the lock is a
 * dead run's, and where two data folders have one archive.
 */
import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { type Ended, market, Workdir } from '../../support/workdir.js';
import { atLine, type LockLine, lockEvents, neverTwo, start, whileStanding } from '../at-line.js';
import { seeded } from '../kill/kill.js';
import { LONG, rounds, SEED, sampled, technique } from '../technique.js';

const t = technique('Locks: many at once');
const random = seeded(SEED);
const RANGE = '--start 2024-05-13 --end 2024-05-24';
const BASE = 'AAPL,MSFT,TRUE';

/** Verbs that write, each of which takes the lock once. */
const VERBS = [
  `populate ${RANGE} --tickers NVDA`,
  'add META',
  'add GOOG BRK.B',
  'rebuild --all-tickers',
  'nightly',
  'remove MSFT --delete --yes',
  'remove TRUE',
  'prune --keep-days 6 --yes',
  'backup ../backup.tar --yes',
  'gaps --accept 2024-05-03 --reason why',
  `populate ${RANGE} --all-tickers`,
];
const NETWORK = /^(populate|nightly|backfill)/;

interface Contest {
  readonly work: Workdir;
  readonly commands: readonly string[];
  /** As each spells the data folder. */
  readonly spelt: readonly string[];
  readonly line?: Omit<LockLine, 'line' | 'log'>;
  readonly dying?: (i: number) => number | undefined;
  readonly more?: readonly string[];
}

interface Told extends Ended {
  readonly command: string;
  readonly pid: number | undefined;
}

async function contest({ work, commands, spelt, line = {}, dying, more = [] }: Contest): Promise<{
  readonly ended: readonly Told[];
  readonly log: string;
}> {
  const folder = path.join(work.root, `line-${Math.floor(random() * 1e9)}`);
  const log = `${folder}.log`;
  let over = 0;
  const runs = commands.map(async (command, i) => {
    let pid: number | undefined;
    const dieAt = dying?.(i);
    const settings = { line: folder, log, ...line, ...(dieAt === undefined ? {} : { dieAt }) };
    const args = [...argsOf(command, work), '--data-dir', spelt[i % spelt.length] ?? work.data, ...more];
    const ended = await work.run(args, {
      env: atLine(settings),
      cwd: work.data,
      onStart: (child) => {
        pid = child.pid;
      },
    });
    over++;
    return { ...ended, command, pid };
  });
  await start(folder, commands.length, () => over);
  return { ended: await Promise.all(runs), log };
}

function argsOf(command: string, work: Workdir): readonly string[] {
  const network = NETWORK.test(command) ? ['--endpoint', work.endpoint ?? ''] : [];
  return [...command.split(' '), ...network];
}

/** A folder with a few days in it. */
async function populated(sandbox: RunningSandbox): Promise<Workdir> {
  const work = await Workdir.make(sandbox);
  const made = await work.populate(`--start 2024-05-06 --end 2024-05-17 --tickers ${BASE}`);
  expect(made.code, made.stderr).toBe(0);
  return work;
}

/** Everything but what tells of times and of runs. */
function kept(work: Workdir): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(work.everything()).filter(
      ([name]) => !/^(progress\.|\.barloom\.run$|barloom\.log)|\/\.toc\//.test(name),
    ),
  );
}

function tellsWho({ stderr, command }: Told, pids: readonly (number | undefined)[]): void {
  const told = /in use by barloom [a-z -]+ \(pid (\d+) on /.exec(stderr);
  expect(told?.[1], `${command}: ${stderr.slice(0, 300)}`).toBeDefined();
  expect(pids, `${command}: ${stderr.slice(0, 300)}`).toContain(Number(told?.[1]));
}

it('of two and of twenty at once, by whatever path, one writes at a time, as if one came after another', async () => {
  const sandbox = await market();
  const base = await populated(sandbox);
  for (let round = 0; round < rounds(2, 12); round++) {
    const count = round === 0 ? 2 : 20;
    const commands = Array.from({ length: count }, () => VERBS[Math.floor(random() * VERBS.length)] ?? '');
    await t.attempt(`round ${round}: ${commands.join('; ')}`, async () => {
      const work = await Workdir.make(sandbox);
      cpSync(base.data, work.data, { recursive: true, preserveTimestamps: true });
      const other = path.join(work.root, 'other name');
      symlinkSync(work.data, other);
      const spelt = [
        work.data,
        '.',
        other,
        `${work.data}/../data/`,
        path.join(work.root, 'home', '..', 'data'),
      ];
      const { ended, log } = await contest({
        work,
        commands,
        spelt,
        line: { jitterMs: round % 2 === 0 ? 0 : 3 },
      });
      const events = lockEvents(log);
      neverTwo(events);
      const data = realpathSync(work.data);
      const got = events.filter(({ what, lock }) => what === 'got' && lock === data).map(({ pid }) => pid);
      expect(got.length).toBeGreaterThan(0);
      for (const told of ended) {
        if (told.code !== 11)
          expect(got, `${told.command} ended with ${told.code}: ${told.stderr.slice(0, 400)}`).toContain(
            told.pid,
          );
        else
          tellsWho(
            told,
            ended.map(({ pid }) => pid),
          );
        expect([0, 2, 3, 11], `${told.command}: ${told.stderr.slice(0, 400)}`).toContain(told.code);
      }
      expect(leftIn(work)).toEqual([]);
      // One after another, in the order in which they got it.
      const serial = await Workdir.make(sandbox);
      cpSync(base.data, serial.data, { recursive: true, preserveTimestamps: true });
      for (const pid of got) {
        const winner = ended.find((told) => told.pid === pid);
        if (winner?.code === 11) continue;
        const again = await serial.run(
          [...argsOf(winner?.command ?? '', serial), '--data-dir', serial.data],
          { cwd: serial.data },
        );
        expect(again.code, `${winner?.command} after another: ${again.stderr.slice(0, 400)}`).toBe(
          winner?.code,
        );
      }
      expect(kept(work)).toEqual(kept(serial));
      const sound = await work.verb('verify --deep');
      expect(sound.code, sound.stdout.slice(0, 500)).toBe(0);
      await rmAll(work, serial);
    });
    t.tried(count - 1);
  }
}, 600_000);

it('what a run decided before it had the lock holds behind another run too', async () => {
  const sandbox = await market();
  const base = await populated(sandbox);
  const pairs = VERBS.flatMap((late) => VERBS.map((early) => [late, early] as const));
  const stride = Math.max(1, Math.ceil(pairs.length / rounds(1, 30)));
  const some = pairs.filter((_, i) => (i + SEED) % stride === 0);
  const fixed = [
    ['add META', 'add GOOG BRK.B'],
    ['remove TRUE', 'add META'],
    [`populate ${RANGE} --tickers NVDA`, 'remove MSFT --delete --yes'],
    ['nightly', 'remove MSFT --delete --yes'],
    [`backfill ${RANGE}`, 'remove MSFT --delete --yes'],
    ['nightly', 'rebuild --all-tickers'],
  ] as const;
  for (const [late, early] of LONG ? [...fixed, ...some] : sampled(fixed, 2)) {
    await t.attempt(`${late}, behind ${early}`, async () => {
      const work = await Workdir.make(sandbox);
      cpSync(base.data, work.data, { recursive: true, preserveTimestamps: true });
      const line = path.join(work.root, 'line');
      let over = 0;
      const waits = work.run([...argsOf(late, work), '--data-dir', work.data], {
        env: atLine({ line }),
        cwd: work.data,
      });
      void waits.then(() => over++);
      const first = await whileStanding(
        line,
        () => over,
        () => work.run([...argsOf(early, work), '--data-dir', work.data], { cwd: work.data }),
      );
      const second = await waits;
      const serial = await Workdir.make(sandbox);
      cpSync(base.data, serial.data, { recursive: true, preserveTimestamps: true });
      for (const [command, ended] of [
        [early, first],
        [late, second],
      ] as const) {
        const again = await serial.run([...argsOf(command, serial), '--data-dir', serial.data], {
          cwd: serial.data,
        });
        expect(again.code, `${command}: ${again.stderr.slice(0, 400)}${ended.stderr.slice(0, 400)}`).toBe(
          ended.code,
        );
      }
      expect(kept(work)).toEqual(kept(serial));
      await rmAll(work, serial);
    });
  }
}, 900_000);

it("of twenty that come for a dead run's lock one gets it, whoever dies over it, and what it left is cleared", async () => {
  const sandbox = await market();
  const base = await populated(sandbox);
  for (let round = 0; round < rounds(1, 12); round++) {
    const mortal = !LONG || round > 0;
    await t.attempt(`take-over ${round}`, async () => {
      const work = await Workdir.make(sandbox);
      cpSync(base.data, work.data, { recursive: true, preserveTimestamps: true });
      let victim: number | undefined;
      const killed = await work.populate(`${RANGE} --tickers NVDA --rate-limit 5`, {
        onStart: (child) => {
          victim = child.pid;
        },
        onStderr: (stderr, child) => {
          if (stderr.includes('to do: ')) child.kill('SIGKILL');
        },
      });
      expect(killed.signal).toBe('SIGKILL');
      t.injected();
      const dead = JSON.parse(work.read('.barloom.lock')) as { readonly pid: number };
      expect(dead.pid).toBe(victim);
      await work.write('massive_cache/2024-05-22.csv.gz.1.barloom-tmp', 'half a day');
      await work.write('data_cache/AAPL_1d_data.csv.1.barloom-tmp', 'half a series');
      await work.write(`.barloom.lock.0123456789abcdef`, '');
      const commands = Array.from({ length: 20 }, (_, i) =>
        i % 2 ? 'add META' : 'gaps --accept 2024-05-03 --reason why',
      );
      const { ended, log } = await contest({
        work,
        commands,
        spelt: [work.data],
        line: { jitterMs: round % 3 === 2 ? 8 : 0 },
        dying: (i) => (mortal && i % 3 === 0 ? 1 + Math.floor(random() * 24) : undefined),
      });
      const events = lockEvents(log);
      neverTwo(events);
      const died = ended.filter(({ signal }) => signal === 'SIGKILL').length;
      t.injected(died);
      const pids = [...ended.map(({ pid }) => pid), victim];
      for (const told of ended) {
        if (told.signal === 'SIGKILL') continue;
        if (told.code === 11) tellsWho(told, pids);
        else expect([0, 3], told.stderr.slice(0, 400)).toContain(told.code);
      }
      if (!mortal) expect(events.filter(({ what }) => what === 'got').length).toBeGreaterThan(0);
      // Whatever the dead left, the next one gets it, and the run that was killed first goes on to its end.
      const next = await work.populate(`${RANGE} --tickers NVDA`);
      expect(next.code, next.stderr.slice(0, 400)).toBe(0);
      expect(leftIn(work).filter((name) => !name.includes('0123456789abcdef'))).toEqual([]);
      const sound = await work.verb('verify --deep');
      expect(sound.code, sound.stdout.slice(0, 500)).toBe(0);
      await rmAll(work);
    });
    t.tried(19);
  }
}, 600_000);

it('two data folders with one archive: one of their runs writes at a time, and the other says so', async () => {
  const sandbox = await market();
  for (let round = 0; round < rounds(1, 8); round++) {
    await t.attempt(`one archive ${round}`, async () => {
      const work = await Workdir.make(sandbox);
      const nested = round % 2 === 0;
      // One's archive is the other's own, or a folder beside both.
      const archive = nested ? work.at('massive_cache') : path.join(work.root, 'archive');
      const second = path.join(work.root, 'second');
      mkdirSync(work.data, { recursive: true });
      mkdirSync(second);
      const commands = Array.from({ length: 8 }, () => `populate ${RANGE} --tickers AAPL`);
      const { ended, log } = await contest({
        work,
        commands,
        spelt: [work.data, second],
        line: { jitterMs: round % 2 ? 0 : 4 },
        more: ['--archive-dir', archive],
      });
      neverTwo(lockEvents(log));
      const pids = ended.map(({ pid }) => pid);
      for (const told of ended) {
        expect([0, 11], told.stderr.slice(0, 400)).toContain(told.code);
        if (told.code === 11) tellsWho(told, pids);
      }
      expect(ended.some(({ code }) => code === 0)).toBe(true);
      for (const dataDir of [work.data, second]) {
        const args = ['populate', ...RANGE.split(' '), '--tickers', 'AAPL', '--endpoint', sandbox.endpoint];
        const again = await work.run([...args, '--data-dir', dataDir, '--archive-dir', archive]);
        expect(again.code, again.stderr.slice(0, 400)).toBe(0);
        const sound = await work.run(['verify', '--deep', '--data-dir', dataDir, '--archive-dir', archive]);
        expect(sound.code, sound.stdout.slice(0, 400)).toBe(0);
      }
      expect(leftIn(work)).toEqual([]);
      await rmAll(work);
    });
    t.tried(7);
  }
}, 600_000);

function leftIn(work: Workdir): readonly string[] {
  return Object.keys(work.everything()).filter((name) => /barloom-tmp$|\.barloom\.lock/.test(name));
}

/** At once, and not at the end of hundreds of rounds. */
async function rmAll(...works: readonly Workdir[]): Promise<void> {
  for (const { root } of works) rmSync(root, { recursive: true, force: true });
}
