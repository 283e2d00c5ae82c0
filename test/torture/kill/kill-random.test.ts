/**
 * Every command that writes, killed at random instants, once or more often: 200 kills in the long form,
 * besides populate's own.
 */
import pLimit from 'p-limit';
import { expect, it } from 'vitest';
import { rounds, SEED, scaled, technique } from '../technique.js';
import { seeded } from './kill.js';
import { killedAndResumed, wholeRun } from './kill-case.js';
import { scenes } from './kill-scenes.js';
import { sharedKillFolders } from './kill-vendor.js';

const t = technique('kill -9 at random instants');
/** Kills a scene that strike; one may come too late. */
const KILLS = rounds(1, 10);
/** In the quick form every fifth: each of them is killed at its n-th calls too. */
const tried = scenes.filter((_, i) => i % scaled(7, 1) === 0);
const limit = pLimit(3);
const random = seeded(SEED);
const { folders, whenOver } = sharedKillFolders();

it.concurrent.each(tried)('$name', { timeout: scaled(300_000, 3_600_000) }, async (scene) => {
  const whole = await limit(() => wholeRun(scene, folders(), whenOver));
  const lost: string[] = [];
  for (let [struck, tries] = [0, 0]; struck < KILLS && tries < 3 * KILLS && lost.length < 5; tries++) {
    // Early enough to strike, late enough to strike at work.
    const kills = Array.from({ length: random() < 0.4 ? 2 : 1 }, () => ({
      killAfterMs: (0.3 + 0.7 * random()) * whole.ended.ms,
    }));
    const what = `${scene.name}, after ${kills.map(({ killAfterMs }) => Math.round(killAfterMs)).join(' and ')} ms`;
    try {
      const tried = await limit(() => t.attempt(what, () => killedAndResumed(whole, kills)));
      t.injected(tried.kills);
      struck += tried.kills;
    } catch (error) {
      lost.push((error as Error).message);
    }
  }
  expect(lost.length, lost.join('\n').slice(0, 4000)).toBe(0);
});
