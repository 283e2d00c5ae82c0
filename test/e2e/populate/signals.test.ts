/** Ctrl-C, SIGTERM and a closed terminal: a clean stop that says how to go on; twice: at once; and the next run goes on. */
import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import { addsUp, getsOf, market, Workdir } from '../../support/workdir.js';
import { nothingTorn, recordedDays } from '../../torture/kill/kill.js';

/** Slowed down by a rate limit, so that there is a middle to be stopped in. */
const ARGS = '--start 2024-03-01 --end 2024-05-31 --tickers AAPL,TRUE --rate-limit 25';

function once(
  signals: readonly NodeJS.Signals[],
  after: RegExp,
): (stderr: string, child: ChildProcess) => void {
  let sent = false;
  return (stderr, child) => {
    if (sent || !after.test(stderr)) return;
    sent = true;
    for (const [n, signal] of signals.entries()) setTimeout(() => child.kill(signal), 700 + n * 30);
  };
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  // A terminal that closes sends it more than once.
  ['SIGHUP', 129],
] as const)(
  '%s in mid-run: %d, how to go on, nothing torn; the next run fetches the rest only',
  async (signal, exitCode) => {
    const sandbox = await market();
    const whole = await Workdir.make(sandbox);
    await whole.populate(ARGS.replace(' --rate-limit 25', ''));
    const alone = await getsOf(sandbox);

    const work = await Workdir.make(sandbox);
    const { code, stdout, stderr, ms } = await work.populate(ARGS, {
      onStderr: once(signal === 'SIGHUP' ? [signal, signal] : [signal], /to do: /),
    });
    expect(code, stderr).toBe(exitCode);
    expect(stderr).toContain(`${signal}: finishing what is in flight; run the same command again to go on`);
    expect(stderr).not.toMatch(/bug|Error/);
    expect(stdout).toMatch(/not fetched yet: run the same command again to go on/);
    expect(ms).toBeLessThan(10_000);
    expect(work.has('.barloom.lock')).toBe(false);
    expect(work.has('progress.ndjson')).toBe(false);
    nothingTorn(work);
    const done = recordedDays(work).size;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(60);

    const next = await work.populateJson(ARGS.replace(' --rate-limit 25', ''));
    expect(next.code).toBe(0);
    expect(addsUp(next.summary)).toBe(true);
    expect(next.summary.days.unchanged).toBe(done);
    expect(work.tiers()).toEqual(whole.tiers());
    // A download that was in flight may have been asked for and dropped; what was recorded was not asked for
    // again.
    const gets = await getsOf(sandbox);
    const twice = Object.keys(gets).filter((key) => (gets[key] ?? 0) - (alone[key] ?? 0) > 1);
    expect(twice.length).toBeLessThanOrEqual(8);
  },
);

it('as JSON, the days that are left are available', async () => {
  const work = await Workdir.make(await market());
  const ended = await work.populateJson(ARGS, { onStderr: once(['SIGINT'], /"type":"planned"/) });
  expect(ended.code).toBe(130);
  expect(ended.document.exit_code).toBe(130);
  expect(addsUp(ended.summary)).toBe(true);
  expect(ended.summary.days.available).toBeGreaterThan(0);
  expect(ended.summary.days.failed).toBe(0);
});

it('while the listing hangs: at once', async () => {
  const work = await Workdir.make(
    await market({ faults: { faults: [{ kind: 'stall-head', operations: ['list'] }] } }),
  );
  const { code, ms } = await work.populate(ARGS, { onStderr: once(['SIGINT'], /sessions/) });
  expect(code).toBe(130);
  expect(ms).toBeLessThan(10_000);
});

it('twice: at once, and that is safe too', async () => {
  const sandbox = await market({ faults: { faults: [{ kind: 'drip', operations: ['get'], rate: 0.5 }] } });
  const work = await Workdir.make(sandbox);
  const { code, ms } = await work.populate(ARGS, { onStderr: once(['SIGINT', 'SIGINT'], /to do: /) });
  expect(code).toBe(130);
  expect(ms).toBeLessThan(10_000);
  nothingTorn(work);
  await sandbox.setFaults(undefined);
  const next = await work.populate('--start 2024-03-01 --end 2024-05-31');
  expect(next.code, next.stderr).toBe(0);
  expect(Object.keys(work.everything()).filter((name) => /tmp$|\.lock/.test(name))).toEqual([]);
});
