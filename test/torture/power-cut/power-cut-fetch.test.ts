/**
 * The power goes while tables are fetched: every file under its name is one that was written whole, what
 * windows.json calls done has its rows, and the next fetch ends with the rows of a run that nothing disturbed,
 * each version once.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { miniRest } from '../../support/mini-rest.js';
import { Workdir } from '../../support/workdir.js';
import { FEW, fetchScene, fillRest, heldBy } from '../fetch-scene.js';
import { LONG, rounds, SEED, technique } from '../technique.js';
import type { Chance, Tree } from './memory-disk.js';
import { differences, materialize, placesOf, type Recording, record, treeOf } from './power-cut.js';
import { filesOf } from './power-cut-oracle.js';

const t = technique('power cuts while fetching tables');
const types = LONG ? undefined : FEW;
const only = types === undefined ? {} : { types };
const CRASHES = rounds(150, 3000);
const RECOVERIES = rounds(2, 12);

/** What is wrong with a crashed disk, in a few words. */
function lossesOf(tree: Tree, { disk }: Recording): readonly string[] {
  const files = filesOf(tree);
  const losses: string[] = [];
  for (const [name, { hash }] of files)
    if (/\/(\d{4}-\d\d|undated)\.parquet$|\/windows\.json$/.test(name))
      if (disk.versions.get(name)?.some((version) => version.hash === hash) !== true)
        losses.push(`${name} is torn`);
  if (losses.length > 0) return losses;
  for (const [name, { content }] of files) {
    if (!name.endsWith('/windows.json')) continue;
    const { files: known } = JSON.parse(content.toString()) as {
      readonly files: Readonly<Record<string, { readonly sha256: string }>>;
    };
    for (const [month, { sha256 }] of Object.entries(known)) {
      const path = `${name.slice(0, -'windows.json'.length)}year=${month.slice(0, 4)}/month=${month.slice(5)}/${month}.parquet`;
      const versions = (disk.versions.get(path) ?? []).map(({ hash }) => hash);
      const here = files.get(path)?.hash;
      if (here === undefined || versions.lastIndexOf(here) < versions.indexOf(sha256))
        losses.push(`${path}: windows.json knows rows that are not here`);
    }
  }
  return losses;
}

/** Everything that is not durable: lost; there; only names; only data. */
const CORNERS: readonly Chance[] = [
  () => 0,
  () => 1,
  (n) => (n === 2 ? 1 : n === 5 ? 3 : 0),
  (n) => (n === 2 ? 0 : 1),
];

function crashes(recording: Recording): readonly Tree[] {
  const { disk } = recording;
  const states = new Map<string, Tree>();
  const hold = (at: number, chance: Chance): void => {
    const tree = disk.crash(at, chance);
    t.tried(1);
    t.injected();
    states.set([...filesOf(tree)].map(([name, { hash }]) => `${name} ${hash}`).join('\n'), tree);
    expect(lossesOf(tree, recording).slice(0, 5), `power cut at instant ${at} of ${disk.length}`).toEqual([]);
  };
  for (const chance of CORNERS)
    for (let at = 0; at <= disk.length; at += Math.ceil(disk.length / 60)) hold(at, chance);
  const cut = fc.record({
    at: fc.nat(disk.length),
    fates: fc.array(fc.nat(9_999), { minLength: 1, maxLength: 40 }),
  });
  fc.assert(
    fc.property(cut, ({ at, fates }) => {
      let i = 0;
      hold(at, (n) => (fates[i++ % fates.length] as number) % n);
    }),
    { numRuns: CRASHES, seed: SEED },
  );
  return [...states.values()];
}

// The model's paths are POSIX's, and so is what a sync of a folder means.
it.skipIf(process.platform === 'win32').each([
  ['a first load', 1],
  ['a comparison that corrects, adds and marks as gone', 2],
] as const)('%s', { timeout: 3_600_000 }, async (_, edition) => {
  const rest = await miniRest();
  const work = await Workdir.make();
  const folders = placesOf(work);
  const more = edition === 1 ? '' : '--full';
  if (edition === 2) {
    fillRest(rest, 1);
    expect((await fetchScene(work, rest, '', only)).code).toBe(0);
  }
  fillRest(rest, edition);
  const run = (options = {}) => fetchScene(work, rest, more, { ...only, ...options });
  const recording = await record(folders, [[run]]);
  expect(recording.ended.code, recording.ended.stderr).toBe(0);
  const lost = differences(recording.final, treeOf(folders)).filter((name) => !name.includes('/.work/'));
  expect(lost, 'the replay against the real disk').toEqual([]);
  const wanted = await heldBy(work, types);
  const states = crashes(recording);
  for (let i = 0; i < RECOVERIES; i++)
    await t.attempt(`going on after a power cut (${i})`, async () => {
      materialize(states[Math.floor(((i + 0.382) / RECOVERIES) * states.length)] as Tree, folders);
      const again = await run();
      expect(again.code, again.stderr).toBe(0);
      expect(await heldBy(work, types)).toBe(wanted);
      const deep = await work.verb('verify --deep');
      expect(deep.code, deep.stdout).toBe(0);
    });
});
