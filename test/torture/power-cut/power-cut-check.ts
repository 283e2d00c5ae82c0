/**
 * One command: recorded, its disk crashed thousands of times in memory, and some of the crashed disks gone on
 * with for real.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Workdir } from '../../support/workdir.js';
import type { Injection } from '../hooked.js';
import { rounds, SEED, scaled, type Technique } from '../technique.js';
import type { Chance, Tree } from './memory-disk.js';
import {
  differences,
  differingNames,
  materialize,
  outcomeOf,
  type Recording,
  type Run,
  record,
  treeOf,
} from './power-cut.js';
import { filesOf, lossesOf, lostAfterTheEnd } from './power-cut-oracle.js';

export interface Scenario {
  readonly work: Workdir;
  /** What is recorded: the data folder, and others that the command changes. */
  readonly folders: readonly string[];
  readonly run: Run;
  /** Killed runs of the same command before it. */
  readonly kills?: readonly Injection[];
  /** Of the undisturbed run, default 0. */
  readonly code?: number;
  /** Of the same command once more, besides `code`: what there is nothing left to do for. */
  readonly codesAgain?: readonly number[];
  /** So like another one that the short form does not go on after its crashes. */
  readonly light?: boolean;
  /** Where there is nothing left to do it locks nothing, and clears no unfinished file away. */
  readonly onlyLooks?: boolean;
  /** Of `verify --deep` in the end, default 0. */
  readonly codeOfVerify?: number;
  readonly userRows?: Readonly<Record<string, readonly string[]>>;
}

/** Random crashes of a recording, besides a few of each instant. */
const CRASHES = rounds(120, 3000);
/** Instants of which the corners are looked at. */
const CORNERED = rounds(40, 400);
const RECOVERIES = { all: rounds(1, 6), light: rounds(0, 3) };

/** Everything that is not durable: lost; there; only the names; only the data. */
const CORNERS: readonly Chance[] = [
  () => 0,
  () => 1,
  (n) => (n === 2 ? 1 : n === 5 ? 3 : 0),
  (n) => (n === 2 ? 0 : 1),
];

export async function survivesPowerCuts(t: Technique, scenario: Scenario): Promise<void> {
  const kills = (scenario.kills ?? []).map((kill) => [scenario.run, kill] as const);
  const recording = await record(scenario.folders, [...kills, [scenario.run]]);
  const { ended } = recording;
  expect(ended.code, ended.stderr).toBe(scenario.code ?? 0);
  expect(differences(recording.final, treeOf(scenario.folders)), 'the replay against the real disk').toEqual(
    [],
  );
  const states = crashes(t, recording, scenario);
  const wanted = outcomeOf(recording.final);
  for (const [i, state] of sampled(states, RECOVERIES[scenario.light === true ? 'light' : 'all']).entries()) {
    await t.attempt(`going on after a power cut (${i})`, async () => {
      const again = await goOn(state, scenario, wanted);
      // The power goes again, while the command makes up for the first time.
      crashes(t, again, scenario, scaled(0.1, 0.1));
    });
  }
}

/** Crashes the disk; every different state that comes of it has to hold what was promised. */
function crashes(t: Technique, { disk, final, ended }: Recording, scenario: Scenario, share = 1): Tree[] {
  const states = new Map<string, Tree>();
  const expected = { dataDir: scenario.work.data, userRows: scenario.userRows ?? {} };
  // What the test itself damaged beforehand.
  const before = new Set(
    lossesOf(
      disk.crash(0, () => 0),
      disk,
      final,
      expected,
    ),
  );
  const hold = (at: number, chance: Chance): void => {
    const tree = disk.crash(at, chance);
    t.tried(1);
    t.injected();
    const key = [...filesOf(tree)].map(([name, { hash }]) => `${name} ${hash}`).join('\n');
    if (states.has(key) && at < disk.length) return;
    states.set(key, tree);
    const losses = lossesOf(tree, disk, final, expected).filter((loss) => !before.has(loss));
    if (at === disk.length && ended.code === (scenario.code ?? 0))
      losses.push(...lostAfterTheEnd(tree, final));
    expect(losses.slice(0, 5), `power cut at instant ${at} of ${disk.length}`).toEqual([]);
  };
  for (const chance of CORNERS) {
    hold(disk.length, chance);
    for (let at = 0; at < disk.length; at += Math.ceil(disk.length / (share * CORNERED))) hold(at, chance);
  }
  const cut = fc.record({
    at: fc.nat(disk.length),
    fates: fc.array(fc.nat(9_999), { minLength: 1, maxLength: 40 }),
  });
  fc.assert(
    fc.property(cut, ({ at, fates }) => {
      let i = 0;
      hold(at, (n) => (fates[i++ % fates.length] as number) % n);
    }),
    { numRuns: share * CRASHES, seed: SEED },
  );
  return [...states.values()];
}

/** The same command on a crashed disk, which makes of it what the undisturbed run made. */
async function goOn(
  state: Tree,
  { work, folders, run, code, codesAgain, codeOfVerify, onlyLooks }: Scenario,
  wanted: Readonly<Record<string, string>>,
): Promise<Recording> {
  materialize(state, folders);
  const again = await record(folders, [[run]]);
  const { stderr, stdout } = again.ended;
  expect([code ?? 0, ...(codesAgain ?? [])], `${stderr}\n${stdout}`.slice(-2_000)).toContain(
    again.ended.code,
  );
  const differing = differingNames(outcomeOf(treeOf(folders)), wanted);
  const isUnfinished = (name: string): boolean => onlyLooks === true && name.endsWith('.barloom-tmp');
  expect(
    differing.filter((name) => !isUnfinished(name)),
    'other than undisturbed',
  ).toEqual([]);
  const verified = await work.verb('verify --deep');
  expect(verified.code, verified.stdout.slice(-2_000)).toBe(codeOfVerify ?? 0);
  return again;
}

function sampled<T>(all: readonly T[], many: number): readonly T[] {
  return Array.from({ length: Math.min(many, all.length) }, (_, i) => {
    const spread = (i + 0.382 + (SEED % 97) / 97) / many;
    return all[Math.floor((spread % 1) * all.length)] as T;
  });
}
