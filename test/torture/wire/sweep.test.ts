/**
 * The failure-rate sweep: every fault that the sandbox knows, alone and mixed, at rates of 0, 10, 50 and 90 %
 * with fixed seeds. The quick form gives some kinds one of the rates in turn; the long one all kinds all
 * rates, a listing and a day by itself too, and many mixes.
 */
import pLimit from 'p-limit';
import { expect, it } from 'vitest';
import { KINDS } from '#sandbox/faults/fault-kinds.js';
import { FAULT_KINDS, type Fault, type FaultKind } from '#sandbox/faults/faults.js';
import { together } from '../../support/workdir.js';
import { rounds, SEED, sampled, scaled, technique } from '../technique.js';
import { codesOf, faultless, judged, SLOW, spoilt, troubled, type Whole } from './spoilt.js';

const t = technique('failure-rate sweep');
const RATES = [0.1, 0.5, 0.9];
/** In the quick form: one of each way to be told something wrong. */
const TOLD_WRONG: readonly FaultKind[] = [
  'cut', 'endless', 'garbled', 'error200', 'flip', 'forged', 'member-cut', 'padding', 'html200', 'replaced', 'list-loop', 'list-lacking',
]; // biome-ignore format: a list
const quickly = FAULT_KINDS.filter((kind) => !SLOW.includes(kind));
/** So many runs at once: most of their time is waiting before another attempt. */
const atOnce = pLimit(16);
const HOURS = 4 * 3_600_000;
const LONG = scaled(0, 1) === 1;

let known: Promise<Whole> | undefined;
/** Made once, by the test that comes first. */
function whole(): Promise<Whole> {
  known ??= faultless();
  return known;
}

it('rate 0: no fault, nothing lacking', () =>
  t.attempt('rate 0', async () => {
    const { work } = await troubled({ faults: FAULT_KINDS.map((kind) => ({ kind, rate: 0 })) });
    expect((await judged(work, await whole())).code).toBe(0);
  }));

it('each kind alone', { timeout: scaled(180_000, HOURS) }, async () => {
  const all = await whole();
  const cases = (LONG ? quickly : TOLD_WRONG).flatMap((kind, place): readonly Fault[] => {
    if (!LONG) return [{ kind, rate: RATES[place % 3] ?? 1 }];
    const each = KINDS[kind].filter((one) => one !== 'head');
    return [
      ...RATES.map((rate) => ({ kind, rate })),
      ...(each.length < 2 ? [] : each.map((one) => ({ kind, rate: 0.5, operations: [one] }))),
    ];
  });
  await together(cases.map((fault) => atOnce(() => spoilt(t, [fault], all))));
});

it('all mixed', { timeout: scaled(180_000, HOURS) }, async () => {
  const all = await whole();
  // What ends a run at once (keys, endpoint, tomorrow) hides the others: with them only in one mix of two.
  const passing = quickly.filter((kind) => codesOf([kind]).includes(0));
  const mixes = sampled(RATES, 1).flatMap((rate) =>
    Array.from({ length: rounds(1, 10) }, (_, n) => {
      const kinds = n % 2 === 1 ? quickly : passing;
      // The first that strikes is the one: together they strike as often as `rate` says.
      const each = 1 - (1 - rate) ** (1 / kinds.length);
      return { faults: kinds.map((kind) => ({ kind, rate: each })), seed: SEED + 7919 * n };
    }),
  );
  await together(mixes.map(({ faults, seed }) => atOnce(() => spoilt(t, faults, all, seed))));
});

it('keys that expire, a plan that ends, a server that moves or has had enough, in mid-run', {
  timeout: scaled(180_000, HOURS),
}, async () => {
  const all = await whole();
  const kinds = ['expired403', 'denied403', 'redirect301', 'slowdown503-tomorrow'] as const;
  await together(
    sampled(kinds, 2).flatMap((kind) =>
      Array.from({ length: scaled(1, 10) }, (_, n) => ({ kind, from: scaled(6, n + 1) })).map((fault) =>
        atOnce(() => spoilt(t, [fault], all)),
      ),
    ),
  );
});
