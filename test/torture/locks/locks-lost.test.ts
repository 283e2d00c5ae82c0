/**
 * A lock that goes while its run is at work: the run notices before it writes or records anything more, and
 * what stands there is as if one run came after the other. And data folders that are moved, copied, or looked
 * at meanwhile.
 */
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Ended, market, Workdir } from '../../support/workdir.js';
import { seeded } from '../kill/kill.js';
import { LONG, rounds, SEED, sampled, technique } from '../technique.js';

const t = technique('Locks: lost, moved, copied');
const random = seeded(SEED + 7);
const RANGE = `--start ${LONG ? '2024-05-01' : '2024-05-15'} --end 2024-05-31`;
const SLOWLY = `${RANGE} --tickers AAPL,TRUE --rate-limit 4`;

/** Runs populate slowly, and carries `act` out once so many days are done. */
async function inMidRun(
  work: Workdir,
  act: (child: ChildProcess) => Promise<void> | void,
  after = 1 + Math.floor(random() * 5),
  args = SLOWLY,
): Promise<Ended> {
  let acted: Promise<void> | undefined;
  const ended = await work.populate(`${args} --json`, {
    onStderr: (stderr, child) => {
      if (acted === undefined && stderr.split('"type":"worked"').length > after)
        acted = Promise.resolve(act(child)).catch((error: unknown) => {
          child.kill('SIGKILL');
          throw error;
        });
      acted?.catch(() => undefined);
    },
  });
  await acted;
  expect(acted, `it did nothing: ${ended.stderr.slice(-300)}`).toBeDefined();
  t.injected();
  return ended;
}

/**
 * Series, lists, and what is recorded. A day file may get its name just behind the last look at the lock: it
 * is the vendor's, whoever brought it.
 */
function standing(work: Workdir): Readonly<Record<string, string>> {
  const names = Object.entries(work.everything());
  return Object.fromEntries(
    names.filter(([name]) => !/^massive_cache|barloom-tmp$|\.barloom\.|\/\.toc\//.test(name)),
  );
}

/** Nobody's lock or unfinished file. */
function clean(work: Workdir): void {
  expect(Object.keys(work.everything()).filter((name) => /tmp$|\.lock/.test(name))).toEqual([]);
}

it('a lock that is removed while another run comes: the first stops, records nothing more, and says so', async () => {
  const sandbox = await market();
  const whole = await Workdir.make(sandbox);
  expect((await whole.populate(`${RANGE} --tickers AAPL,TRUE,MSFT,NVDA`)).code).toBe(0);
  for (let round = 0; round < rounds(1, 10); round++) {
    await t.attempt(`round ${round}`, async () => {
      const work = await Workdir.make(sandbox);
      let between: Readonly<Record<string, string>> = {};
      const second: { code?: number | null } = {};
      const first = await inMidRun(work, async (child) => {
        // Stopped, so that the other's run from its beginning to its end lies between two steps of the first.
        child.kill('SIGSTOP');
        unlinkSync(work.at('.barloom.lock'));
        unlinkSync(work.at('massive_cache', '.barloom.lock'));
        const other =
          round % 2 === 0 ? await work.populate(`${RANGE} --tickers MSFT,NVDA`) : await work.verb('add MSFT');
        second.code = other.code;
        expect([0, 2, 3], other.stderr.slice(-400)).toContain(other.code);
        between = standing(work);
        child.kill('SIGCONT');
      });
      expect(first.code, first.stderr.slice(-400)).toBe(11);
      expect(first.stderr).toMatch(/The lock of this run.*was removed while it was at work/);
      expect(standing(work)).toEqual(between);
      for (const [name, hash] of Object.entries(work.tiers()))
        if (name.endsWith('.gz')) expect(hash, name).toBe(whole.tiers()[name]);
      for (const again of [`${RANGE} --tickers AAPL,TRUE`, `${RANGE} --tickers MSFT,NVDA`]) {
        const ended = await work.populate(again);
        expect(ended.code, ended.stderr.slice(-400)).toBe(0);
      }
      expect(work.tiers()).toEqual(whole.tiers());
      clean(work);
    });
  }
}, 600_000);

it("a lock that another host's run has by now is left to it", async () => {
  const sandbox = await market();
  for (let round = 0; round < rounds(1, 4); round++) {
    await t.attempt(`round ${round}`, async () => {
      const work = await Workdir.make(sandbox);
      const theirs = `${JSON.stringify({ host: 'elsewhere', pid: 7, started: '1', boot: 'b', command: 'nightly', since: '2024-06-14' })}\n`;
      const which = round % 2 === 0 ? '.barloom.lock' : 'massive_cache/.barloom.lock';
      const first = await inMidRun(work, () => {
        writeFileSync(work.at(which), theirs);
      });
      expect(first.code, first.stderr.slice(-400)).toBe(11);
      expect(first.stderr).toMatch(/was taken by barloom nightly \(pid 7 on elsewhere/);
      expect(work.read(which)).toBe(theirs);
      await work.remove(which);
      expect((await work.populate(`${RANGE} --tickers AAPL,TRUE`)).code).toBe(0);
      clean(work);
    });
  }
}, 600_000);

it('a holder that is stopped keeps the lock, and goes on as if nothing had been', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  await t.attempt('stopped', async () => {
    const first = await inMidRun(
      work,
      async (child) => {
        child.kill('SIGSTOP');
        for (const verb of ['add MSFT', 'add MSFT --break-lock', 'gaps --accept 2024-05-03 --reason why']) {
          const { code, stderr } = await work.verb(verb);
          expect(code, verb).toBe(11);
          expect(stderr).toContain(`pid ${child.pid} on `);
        }
        // Who only looks is served meanwhile.
        for (const reader of sampled(
          ['status', 'gaps', 'show AAPL', 'export AAPL', 'tickers', 'verify'],
          2,
        )) {
          const { code, stderr } = await work.verb(reader);
          expect([0, 3], `${reader}: ${stderr.slice(0, 300)}`).toContain(code);
        }
        child.kill('SIGCONT');
        // By now some days are recorded: without any there is nothing to look at.
      },
      4,
    );
    expect(first.code, first.stderr.slice(-400)).toBe(0);
    clean(work);
  });
}, 600_000);

it('a run in another data folder with the same archive does not clear the files of the one that is at work', async () => {
  const sandbox = await market();
  for (let round = 0; round < rounds(1, 4); round++) {
    await t.attempt(`round ${round}`, async () => {
      const work = await Workdir.make(sandbox);
      const second = path.join(work.root, 'second');
      const shared = `--archive-dir ${work.at('massive_cache')}`;
      const first = await inMidRun(
        work,
        async (child) => {
          child.kill('SIGSTOP');
          for (const verb of ['populate', 'nightly', 'add MSFT']) {
            const where = verb === 'populate' ? `${RANGE} --archive-only ` : '';
            const network = verb.startsWith('add') ? '' : ` --endpoint ${sandbox.endpoint}`;
            const { code, stderr } = await work.verb(`${verb} ${where}${shared}${network}`, {
              dataDir: second,
            });
            expect(stderr.replaceAll(/\s+/g, ' '), verb).toMatch(
              /archive folder .* is in use by barloom populate/,
            );
            expect(code, verb).toBe(11);
          }
          child.kill('SIGCONT');
        },
        2,
        `${RANGE} --tickers AAPL --rate-limit 3`,
      );
      expect(first.code, first.stderr.slice(-400)).toBe(0);
      clean(work);
    });
  }
}, 600_000);

it('a data folder that is moved between two runs, or killed and moved, goes on where it was', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  await t.attempt('moved', async () => {
    const killed = await inMidRun(work, (child) => {
      child.kill('SIGKILL');
    });
    expect(killed.signal).toBe('SIGKILL');
    const there = path.join(work.root, 'moved here');
    renameSync(work.data, there);
    const { requests } = sandbox;
    const done = await work.populate(`${RANGE} --tickers AAPL,TRUE`, { dataDir: there });
    expect(done.code, done.stderr.slice(-400)).toBe(0);
    const { gets } = await requests();
    const again = await work.populate(`${RANGE} --tickers AAPL,TRUE`, { dataDir: there });
    expect(again.code).toBe(0);
    expect((await requests()).gets).toBe(gets);
    renameSync(there, work.data);
    for (const verb of ['verify --deep', 'add MSFT', 'rebuild', 'backup ../b.tar --yes']) {
      const { code, stderr } = await work.verb(verb, { cwd: work.data });
      expect(code, `${verb}: ${stderr.slice(0, 300)}`).toBe(0);
    }
    expect((await requests()).gets).toBe(gets);
    clean(work);
  });
}, 600_000);

it('a data folder that is moved away under a run: the run ends, nothing is made in the old place, the new place goes on', async () => {
  const sandbox = await market();
  const whole = await Workdir.make(sandbox);
  expect((await whole.populate(`${RANGE} --tickers AAPL,TRUE`)).code).toBe(0);
  for (let round = 0; round < rounds(2, 16); round++) {
    await t.attempt(`round ${round}`, async () => {
      const work = await Workdir.make(sandbox);
      const there = path.join(work.root, 'moved');
      const first = await inMidRun(work, () => renameSync(work.data, there));
      expect([6, 11], first.stderr.slice(-500)).toContain(first.code);
      const made = existsSync(work.data) ? readdirSync(work.data, { recursive: true }) : [];
      expect(existsSync(work.data), `made where the folder had been: ${made.join(', ')}`).toBe(false);
      const done = await work.populate(`${RANGE} --tickers AAPL,TRUE`, { dataDir: there });
      expect(done.code, done.stderr.slice(-400)).toBe(0);
      renameSync(there, work.data);
      expect(work.tiers()).toEqual(whole.tiers());
      clean(work);
    });
  }
}, 600_000);

it('a folder that was copied under a run has its lock too, until that run is over', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  const copy = path.join(work.root, 'copy');
  await t.attempt('copied', async () => {
    const first = await inMidRun(work, async (child) => {
      child.kill('SIGSTOP');
      cpSync(work.data, copy, { recursive: true });
      expect((await work.verb('add MSFT', { dataDir: copy })).code).toBe(11);
      child.kill('SIGCONT');
    });
    expect(first.code).toBe(0);
    const done = await work.populate(`${RANGE} --tickers AAPL,TRUE`, { dataDir: copy });
    expect(done.code, done.stderr.slice(-400)).toBe(0);
    const before = work.tiers();
    rmSync(work.data, { recursive: true });
    renameSync(copy, work.data);
    expect(work.tiers()).toEqual(before);
    clean(work);
  });
}, 600_000);

it('a clock that goes back between and in runs changes nothing', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  await t.attempt('a clock that goes back', async () => {
    const killed = await inMidRun(work, (child) => {
      child.kill('SIGKILL');
    });
    expect(killed.signal).toBe('SIGKILL');
    // The lock is from a time to come.
    work.now = '2024-06-03T17:00:00Z';
    const done = await work.populate(`${RANGE} --tickers AAPL,TRUE`);
    expect(done.code, done.stderr.slice(-400)).toBe(0);
    work.now = '1970-01-02T00:00:00Z';
    expect((await work.verb('add MSFT')).code).toBe(0);
    clean(work);
  });
}, 600_000);
