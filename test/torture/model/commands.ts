/** What the program and others do, one after another, each with what must hold behind it. */
import type fc from 'fast-check';
import type { Ended } from '../../support/workdir.js';
import { CHANGING, hooked } from '../hooked.js';
import type { Technique } from '../technique.js';
import { must, type Purpose } from './rule.js';
import { judge } from './rules.js';
import type { World } from './world.js';

/** What the run of a command needs besides the world. */
export interface Real {
  readonly world: World;
  readonly proof: Technique;
}

/** The model's own state is in the world: what a command does depends on it. */
type Model = Record<string, never>;
export type Command = fc.AsyncCommand<Model, Real>;

export const step = (name: string, work: (world: World, proof: Technique) => Promise<void>): Command => ({
  check: () => true,
  run: async (_, { world, proof }) => {
    proof.tried(1);
    await work(world, proof);
    world.before = world.see();
  },
  toString: () => name,
});

/** A half-written lock stands in the way for ten seconds: how locks die is another technique's. */
const NO_LOCK = '^(?!.*[.]barloom[.]lock)';

export type Maker = (world: World) => Purpose;
export interface Named {
  readonly name: string;
  readonly make: Maker;
}

/** One command of the program's, to its end. */
export async function runOne(world: World, make: Maker): Promise<Ended> {
  const purpose = make(world);
  const times = purpose.reads === true ? world.work.times() : undefined;
  const ended = await world.run(purpose.args);
  const after = world.see();
  judge(world, [purpose], [ended], after);
  if (times !== undefined) sameTimes(times, world.work.times(), purpose.args);
  settle(world, [purpose], [ended]);
  world.before = after;
  return ended;
}

function sameTimes(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  args: string,
): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => before[name] !== after[name]);
  must(changed.length === 0, () => `${args} only reads, and changed ${changed.join(', ')}`);
}

/** What the world learns of an ended command. */
function settle(world: World, purposes: readonly Purpose[], ends: readonly Ended[]): void {
  const after = world.see();
  for (const [i, purpose] of purposes.entries()) {
    const going = purpose.prunes?.(world.before) ?? new Set<string>();
    for (const day of going) if (ends[i]?.code !== 11) world.pruned.add(day);
    const deep = purpose.args.includes('--deep');
    if (deep && ends[i]?.code === 0) {
      world.tampered = false;
      must(
        [...world.damagedDays].every(
          (day) => !after.archive.has(day) || world.versionIn(after, day) !== undefined,
        ),
        () => `${purpose.args}: 0, and ${[...world.damagedDays].join(', ')} are damaged`,
      );
      world.damagedDays.clear();
    }
  }
  for (const day of world.pruned)
    if (after.archive.has(day) && !world.before.archive.has(day)) world.pruned.delete(day);
  for (const day of world.damagedDays) if (!after.archive.has(day)) world.damagedDays.delete(day);
}

export const cli = ({ name, make }: Named): Command =>
  step(name, async (world) => void (await runOne(world, make)));

export const killed = (
  { name, make }: Named,
  at: number,
  how: 'kill-before' | 'kill-within' | 'kill-after',
): Command =>
  step(`${name} (${how} its disk call ${at})`, async (world, proof) => {
    const purpose = make(world);
    const ended = await world.run(purpose.args, {
      env: hooked({ inject: { calls: CHANGING, path: NO_LOCK, at, what: how } }),
    });
    if (ended.signal !== null) proof.injected();
    const after = world.see();
    judge(world, [purpose], [ended], after);
    settle(world, [purpose], [ended]);
  });

export const both = (a: Named, b: Named): Command =>
  step(`${a.name} and ${b.name} at once`, async (world, proof) => {
    proof.injected();
    const purposes = [a.make(world), b.make(world)];
    const ends = await Promise.all(purposes.map(({ args }) => world.run(args)));
    judge(world, purposes, ends, world.see());
    settle(world, purposes, ends);
  });

export const hand = (name: string, work: (world: World) => Promise<void>): Command =>
  step(name, async (world, proof) => {
    proof.injected();
    await work(world);
  });
