/**
 * fetch over a wire that spoils one answer in ten, or every second one: what is told as done is true, nothing
 * is doubled, and run again often enough the tables are those of a quiet wire.
 */
import { expect, it } from 'vitest';
import { type Answer, type MiniRest, miniRest } from '../../support/mini-rest.js';
import { Workdir } from '../../support/workdir.js';
import { FEW, fetchScene, fillRest, heldBy } from '../fetch-scene.js';
import { seeded } from '../kill/kill.js';
import { LONG, rounds, SEED, scaled, technique } from '../technique.js';

const t = technique('spoilt answers, fetch');
const random = seeded(SEED);
const MOST_RUNS = 25;

/** Each a way to be told something wrong, or nothing. */
const FAULTS: readonly (() => Answer)[] = [
  () => ({ status: 500, body: '<html>oops</html>' }),
  () => ({ status: 503, headers: { 'retry-after': '0' }, body: '' }),
  () => ({ status: 429, headers: { 'retry-after': '0' }, body: '' }),
  () => ({ status: 504, body: '' }),
  () => ({ body: '{"status":"OK","results":[{"id":"half' }),
  () => ({ body: '{"status":"OK","results":[]}', breaksAt: 9 }),
  () => ({ headers: { 'content-type': 'text/html' }, body: '<html>log in</html>' }),
  () => ({ body: '{"status":"ERROR","error":"try later"}' }),
  () => ({ body: '[]' }),
];

function spoil(rest: MiniRest, rate: number): void {
  rest.answer = () => {
    if (random() >= rate) return undefined;
    t.injected();
    return FAULTS[Math.floor(random() * FAULTS.length)]?.();
  };
}

const types = LONG ? undefined : FEW;

it.each(LONG ? [0.1, 0.5] : [0.5])(
  'at a rate of %s the tables are those of a quiet wire',
  { timeout: scaled(180_000, 3_600_000) },
  async (rate) => {
    const rest = await miniRest();
    const quiet = await Workdir.make();
    const options = types === undefined ? {} : { types };
    for (const edition of [1, 2] as const) {
      fillRest(rest, edition);
      expect((await fetchScene(quiet, rest, edition === 1 ? '' : '--full', options)).code).toBe(0);
    }
    const wanted = await heldBy(quiet, types);
    for (let round = 0; round < rounds(1, 10); round++)
      await t.attempt(`${rate}, round ${round}`, async () => {
        const work = await Workdir.make();
        for (const edition of [1, 2] as const) {
          fillRest(rest, edition);
          spoil(rest, rate);
          let code: number | null = -1;
          for (let run = 0; run < MOST_RUNS && code !== 0; run++) {
            ({ code } = await fetchScene(work, rest, edition === 1 ? '' : '--full', options));
            expect([0, 3, 5]).toContain(code);
          }
          expect(code).toBe(0);
        }
        rest.answer = undefined;
        expect(await heldBy(work, types)).toBe(wanted);
        expect((await work.verb('verify --deep')).code).toBe(0);
      });
  },
);
