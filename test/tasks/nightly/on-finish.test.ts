/**
 * The command that hears of the end: it gets the document, and whatever it does, the night ends and no worse
 * exit code is hidden.
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runHook } from '#tasks/nightly/on-finish.js';
import { Mirror } from '../../e2e/nightly/mirror.js';

async function kept(): Promise<Mirror> {
  const mirror = await Mirror.make();
  await mirror.publishAll('2024-06-03', '2024-06-13');
  expect((await mirror.work.populate('--start 2024-06-03 --tickers AAPL')).code).toBe(0);
  return mirror;
}

it('a hook gets what --json prints, says nothing of its own, and is told of trouble too', async () => {
  const mirror = await kept();
  const { work } = mirror;
  const hook = `cat > '${work.at('heard.json')}'; echo heard`;
  const { code, stdout, stderr } = await mirror.nightly(['--on-finish', hook]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^nightly: up to date.*\n$/);
  expect(JSON.parse(work.read('heard.json'))).toMatchObject({
    schema_version: 1,
    command: 'nightly',
    exit_code: 0,
    datasets: [
      { dataset: 'stocks_daily', days: { sessions: 10, unchanged: 9, pending: 1 }, lag: { sessions: 0 } },
    ],
  });
  expect(work.read('barloom.log')).toContain('the --on-finish command succeeded: heard');

  // Locked by another host: nobody else would hear of it.
  await work.write(
    '.barloom.lock',
    JSON.stringify({ host: 'elsewhere', pid: 1, started: '1', boot: '', command: 'populate', since: '2024' }),
  );
  const locked = await mirror.nightly([], { env: { BARLOOM_ON_FINISH: hook } });
  expect(locked.code).toBe(11);
  expect(JSON.parse(work.read('heard.json'))).toMatchObject({
    exit_code: 11,
    error: { message: expect.stringContaining('pid 1 on elsewhere') },
  });
});

it('a hook that fails makes 0 a 3 and is told; one that reads nothing is as good as any', async () => {
  const mirror = await kept();
  const failed = await mirror.nightly(['--json', '--quiet', '--on-finish', 'echo no route >&2; exit 9']);
  expect(failed.code).toBe(3);
  expect(failed.stderr).toBe('barloom: the --on-finish command did not succeed (exit code 9): no route\n');
  expect(JSON.parse(failed.stdout)).toMatchObject({
    exit_code: 3,
    on_finish: { ok: false, how: 'exit code 9' },
  });
  expect((await mirror.nightly(['--on-finish', 'exec <&-; exit 0'])).code).toBe(0);
  await mirror.work.write('barloom.json', '{"datasets": ["none"], "onFinish": "exit 9"}');
  expect((await mirror.nightly()).code).toBe(2);
});

const hook = { cwd: '/', env: { PATH: process.env.PATH }, signal: new AbortController().signal };

it('a hook that hangs is killed with all that it started', async () => {
  const begun = performance.now();
  const ended = await runHook({
    ...hook,
    command: 'sleep 77.25 & echo $!; sleep 77.25',
    stdin: 'x'.repeat(1 << 20),
    timeoutMs: 500,
  });
  expect(ended).toMatchObject({ ok: false, how: 'killed after 0.5 s' });
  expect(performance.now() - begun).toBeLessThan(60_000);
  await wait(100);
  // Gone, or dead and not yet collected by whoever inherited it.
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', ended.output], { encoding: 'utf8' });
  expect(stdout.trim()).toMatch(/^(Z.*)?$/);
});

it('a hook that leaves something running, writes without end or is no command ends all the same', async () => {
  const left = await runHook({ ...hook, command: 'sleep 3 & echo done', stdin: '', timeoutMs: 2000 });
  expect(left).toEqual({ ok: true, how: 'exit code 0', output: 'done' });
  const endless = await runHook({ ...hook, command: 'yes', stdin: '', timeoutMs: 300 });
  expect(endless.ok).toBe(false);
  expect(endless.output.length).toBeLessThanOrEqual(4096);
  expect(await runHook({ ...hook, command: 'no-such-command', stdin: '{}', timeoutMs: 2000 })).toMatchObject({
    ok: false,
    how: 'exit code 127',
  });
});
