/**
 * fetch, struck at its disk calls one after another: killed before or behind one, or told that it failed. A
 * failed call ends the run with the disk's code, and the next run leaves what an undisturbed one leaves, each
 * version once.
 */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { miniRest } from '../../support/mini-rest.js';
import { Workdir } from '../../support/workdir.js';
import { FEW, fetchScene, fillRest, heldBy } from '../fetch-scene.js';
import { CHANGING, hooked, type Injection, type LoggedCall } from '../hooked.js';
import { rounds, scaled, technique } from '../technique.js';

const t = technique('disk calls that kill or fail, fetch');
const TRIES = rounds(2, 120);
const WHAT = ['kill-before', 'ENOSPC', 'kill-after', 'EIO'] as const;

it('the tables are those of an undisturbed run', { timeout: scaled(180_000, 3_600_000) }, async () => {
  const rest = await miniRest();
  fillRest(rest, 1);
  const loaded = await Workdir.make();
  expect((await fetchScene(loaded, rest, '', { types: FEW })).code).toBe(0);
  fillRest(rest, 2);
  const compare = (work: Workdir, inject: Injection, log?: string) =>
    fetchScene(work, rest, '--full', {
      types: FEW,
      env: hooked({ inject, ...(log === undefined ? {} : { log }) }),
    });
  const whole = await loaded.copy();
  const log = path.join(tmpdir(), `barloom-fetch-calls-${process.pid}.ndjson`);
  const undisturbed = await compare(whole, { calls: CHANGING, at: 1e9, what: 'kill-before' }, log);
  const last = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
  rmSync(log);
  expect(undisturbed.code, undisturbed.stderr).toBe(0);
  const { calls = 0 } = JSON.parse(last) as LoggedCall;
  expect(calls).toBeGreaterThan(50);
  const wanted = await heldBy(whole, FEW);
  for (let i = 0; i < Math.min(TRIES, calls); i++) {
    const what = WHAT[i % WHAT.length] ?? 'EIO';
    // Those that only clear up at the end may fail unheard.
    const at = 1 + Math.floor(((i + 0.382) / TRIES) * calls);
    await t.attempt(`${what} at call ${at} of ${calls}`, async () => {
      const work = await loaded.copy();
      const struck = await compare(work, { calls: CHANGING, at, what });
      t.injected();
      if (what.startsWith('kill')) expect(struck.signal).toBe('SIGKILL');
      else expect([0, 6], struck.stderr).toContain(struck.code);
      const again = await fetchScene(work, rest, '--full', { types: FEW });
      expect(again.code, again.stderr).toBe(0);
      expect(await heldBy(work, FEW)).toBe(wanted);
      expect((await work.verb('verify --deep')).code).toBe(0);
      rmSync(work.root, { recursive: true, force: true });
    });
  }
});
