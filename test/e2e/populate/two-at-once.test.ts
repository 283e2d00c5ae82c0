/**
 * One writer a folder: the second says who is there and goes; a dead one's lock is taken over, another host's
 * is not.
 */
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { market, together, Workdir } from '../../support/workdir.js';

const ARGS = '--start 2024-05-01 --end 2024-05-31 --tickers AAPL,TRUE';

it('the second exits with 11 at once and names the first, which is not disturbed', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  let second: Promise<{ code: number | null; stderr: string; ms: number }> | undefined;
  let pid: number | undefined;
  let before: Readonly<Record<string, string>> = {};
  const first = await work.populate(`${ARGS} --rate-limit 6`, {
    onStderr: (stderr, child) => {
      if (second !== undefined || !stderr.includes('to do: ')) return;
      pid = child.pid;
      before = { ...work.everything() };
      second = work.populate(`${ARGS},MSFT`);
    },
  });
  expect(first.code, first.stderr).toBe(0);
  const ended = await second;
  expect(ended?.code).toBe(11);
  expect(ended?.stderr).toMatch(
    new RegExp(`in use by barloom populate \\(pid ${pid} on ${hostname()}, since 2024-06-14T17:00:00`),
  );
  expect(ended?.ms).toBeLessThan(3000);
  expect(before['.barloom.lock']).toBeDefined();
  expect(work.read('tracked.txt')).toBe('AAPL\nTRUE\n');
  const whole = await Workdir.make(sandbox);
  await whole.populate(ARGS);
  expect(work.tiers()).toEqual(whole.tiers());
});

it.each([
  ['a fresh folder', undefined],
  [
    "a dead run's lock",
    { pid: 2 ** 22 - 1, started: '1', boot: '', command: 'populate', since: '2024-06-01' },
  ],
])(
  'of several that begin at the same time on %s each either does all of it or says who does',
  async (_, lock) => {
    const sandbox = await market();
    const work = await Workdir.make(sandbox);
    if (lock !== undefined) await work.write('.barloom.lock', JSON.stringify({ host: hostname(), ...lock }));
    const codes: (number | null)[] = [];
    await together(
      Array.from({ length: 4 }, async () => {
        codes.push((await work.populate(ARGS)).code);
      }),
    );
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(0);
    expect(codes.every((code) => code === 0 || code === 11)).toBe(true);
    const { gets } = await sandbox.requests();
    expect(gets).toBe(22);
  },
);

it('the lock of a killed run is taken over, also one that is empty or was reused by another process', async () => {
  const work = await Workdir.make(await market());
  const killed = await work.populate(`${ARGS} --rate-limit 10`, {
    onStderr: (stderr, child) => {
      if (stderr.includes('to do: ')) child.kill('SIGKILL');
    },
  });
  expect(killed.signal).toBe('SIGKILL');
  expect(work.has('.barloom.lock')).toBe(true);
  const holder = JSON.parse(work.read('.barloom.lock')) as { pid: number; started: string };
  expect((await work.populate(ARGS)).code).toBe(0);
  expect(work.has('.barloom.lock')).toBe(false);
  // The pid lives, but it is another process: this test's.
  await work.write('.barloom.lock', JSON.stringify({ ...holder, pid: process.pid }));
  expect((await work.populate(ARGS)).code).toBe(0);
  expect(Object.keys(work.everything()).filter((name) => name.includes('.lock'))).toEqual([]);
});

it("another host's lock is not taken over without being told to", async () => {
  const work = await Workdir.make(await market());
  const lock = JSON.stringify({
    host: 'elsewhere',
    pid: 1,
    started: '1',
    boot: 'b',
    command: 'populate',
    since: '2024-06-01',
  });
  await work.write('.barloom.lock', lock);
  const { code, stderr } = await work.populate(ARGS);
  expect(code).toBe(11);
  expect(stderr).toMatch(/pid 1 on elsewhere.*--break-lock/);
  expect(work.everything()).toEqual({ '.barloom.lock': expect.any(String) });
  expect((await work.populate(`${ARGS} --dry-run`)).code).toBe(0);
  expect((await work.populate(`${ARGS} --break-lock`)).code).toBe(0);
  expect(work.has('.barloom.lock')).toBe(false);
});
