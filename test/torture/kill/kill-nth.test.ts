/**
 * Every command that writes, killed before, within and after its n-th call that changes the disk: with
 * BARLOOM_TIMES=Infinity for every n.
 */
import pLimit from 'p-limit';
import { expect, it } from 'vitest';
import type { RunOptions } from '../../support/workdir.js';
import { CHANGING, hooked, type Injection } from '../hooked.js';
import { rounds, SEED, sampled, scaled, technique } from '../technique.js';
import { seeded } from './kill.js';
import { killedAndResumed, wholeRun } from './kill-case.js';
import { scenes } from './kill-scenes.js';
import { sharedKillFolders } from './kill-vendor.js';

const t = technique('kill at the n-th call');
/** Tries a scene; Infinity: every n with every `what`. */
const TRIES = rounds(1, 10);
const limit = pLimit(3);
const random = seeded(SEED);
const { folders, whenOver } = sharedKillFolders();

it.concurrent.each(sampled(scenes, 7))('$name', { timeout: scaled(300_000, 7_200_000) }, async (scene) => {
  const whole = await limit(() => wholeRun(scene, folders(), whenOver));
  const writes = whole.calls.filter(({ call }) => call === 'write').length;
  const all = injections(whole.calls.length, writes);
  const chosen = spread(all, TRIES, scenes.indexOf(scene));
  const lost: string[] = [];
  await Promise.all(
    chosen.map((inject, i) =>
      limit(async () => {
        // Every third resume is killed too: among what it does first is taking over the dead run's lock.
        const kills = i % 3 === 2 ? [inject, all[Math.floor(random() * all.length)] ?? inject] : [inject];
        const what = `${scene.name}, ${kills.map((kill) => `${kill.what} ${kill.at}`).join(', then ')}`;
        try {
          const tried = await t.attempt(what, () => killedAndResumed(whole, kills.map(struck)));
          t.injected(tried.kills);
        } catch (error) {
          lost.push((error as Error).message);
        }
      }),
    ),
  );
  expect(lost.length, `${lost.length} of ${chosen.length}:\n${lost.slice(0, 6).join('\n')}`).toBe(0);
});

function struck(inject: Injection): RunOptions {
  return { env: hooked({ inject }) };
}

/** Each call with each `what`, in the order of the calls. */
function injections(calls: number, writes: number): readonly Injection[] {
  const found: Injection[] = [];
  for (let at = 1; at <= calls; at++)
    for (const what of ['kill-before', 'kill-after'] as const) found.push({ what, at, calls: CHANGING });
  for (let at = 1; at <= writes; at++) found.push({ what: 'kill-within', at, calls: ['write'] });
  return found;
}

/** So many of them, evenly spread, the same in every run, in each scene others. */
function spread<T>(all: readonly T[], tries: number, scene: number): readonly T[] {
  if (tries >= all.length) return all;
  const stride = all.length / tries;
  const from = (0.5 + scene * 0.618) % 1;
  return Array.from({ length: tries }, (_, i) => all[Math.floor((i + from) * stride)] as T);
}
