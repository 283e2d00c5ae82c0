/**
 * fetch, killed at random instants, while it loads for the first time and while it compares with what is here:
 * every file under its name is whole, and in the end the tables hold what an uninterrupted run leaves, each
 * version once.
 */
import { expect, it } from 'vitest';
import { miniRest } from '../../support/mini-rest.js';
import { Workdir } from '../../support/workdir.js';
import { FEW, fetchScene, fillRest, heldBy } from '../fetch-scene.js';
import { LONG, rounds, SEED, scaled, technique } from '../technique.js';
import { seeded } from './kill.js';

const t = technique('kill -9 at random instants, fetch');
const random = seeded(SEED);
const MOST_KILLS = 6;
const types = LONG ? undefined : FEW;
const only = types === undefined ? {} : { types };

it('the tables are those of a run that nobody killed', { timeout: scaled(180_000, 3_600_000) }, async () => {
  const rest = await miniRest();
  const whole = await Workdir.make();
  const took: number[] = [];
  for (const edition of [1, 2] as const) {
    fillRest(rest, edition);
    const { code, ms, stderr } = await fetchScene(whole, rest, edition === 1 ? '' : '--full', only);
    expect(code, stderr).toBe(0);
    took.push(ms);
  }
  const wanted = await heldBy(whole, types);
  for (let round = 0; round < rounds(1, 20); round++)
    await t.attempt(`round ${round}`, async () => {
      const work = await Workdir.make();
      for (const edition of [1, 2] as const) {
        fillRest(rest, edition);
        const more = edition === 1 ? '' : '--full';
        const ms = took[edition - 1] ?? 1000;
        for (let kill = 0; kill < scaled(1, MOST_KILLS); kill++) {
          const ended = await fetchScene(work, rest, more, {
            ...only,
            killAfterMs: (0.25 + 0.75 * random()) * ms,
          });
          if (ended.signal !== 'SIGKILL') break;
          t.injected();
          // Nothing of it is torn: what has its name can be read.
          if (work.has('tables', 'tickers', 'windows.json')) {
            const looked = await work.verb('verify');
            expect([0, 2], looked.stdout + looked.stderr).toContain(looked.code);
          }
        }
        const last = await fetchScene(work, rest, more, only);
        expect(last.code, last.stderr).toBe(0);
      }
      expect(await heldBy(work, types)).toBe(wanted);
      const deep = await work.verb('verify --deep');
      expect(deep.code, deep.stdout).toBe(0);
    });
});
