/** Whether what some commands did to the folder was theirs to do, and all that they had to. */
import type { Ended } from '../../support/workdir.js';
import type { FolderSeen } from './folder.js';
import { marketText } from './market.js';
import { must, type Purpose, shown } from './rule.js';
import { judgeSeries } from './series-rules.js';
import type { World } from './world.js';

/** Ends that say nothing of the work: another run, or a signal. */
export const NOT_DONE: readonly (number | null)[] = [11, 2, 130, 143, null];

export function judge(
  world: World,
  purposes: readonly Purpose[],
  ends: readonly Ended[],
  after: FolderSeen,
): void {
  const { before } = world;
  const done = purposes.filter(
    (_, i) => ends[i]?.signal === null && !NOT_DONE.includes(ends[i]?.code ?? null),
  );
  for (const [i, purpose] of purposes.entries()) {
    const ended = ends[i] as Ended;
    if (ended.signal !== null) continue;
    const codes = purpose.codes(before, after, ended);
    const allowed = purposes.length > 1 ? new Set([...codes, 11]) : codes;
    must(
      allowed.has(ended.code ?? -1),
      () => `${purpose.args}: exit ${ended.code}, should be ${[...allowed].join(' or ')}\n${short(ended)}`,
    );
  }
  const told = (): string => purposes.map(({ args }, i) => `${args}: ${short(ends[i] as Ended)}`).join('\n');
  // Those that take the lock whatever they find tidy up.
  const tidies = done.some(
    ({ args, reads }) => reads !== true && /^(?:populate|add|rebuild|nightly)\b/.test(args),
  );
  if (tidies && ends.every(({ signal }) => signal === null)) judgeNames(after, told);
  for (const [name, hash] of before.asides)
    must(
      after.asides.get(name) === hash,
      () => `${name}, which was kept aside, is gone or changed\n${told()}`,
    );
  judgeArchive(world, purposes, done, after, told);
  judgeSeries(world, purposes, done, after, told);
  judgeTracked(world, purposes, done, after, told);
}

function short({ code, stdout, stderr }: Ended): string {
  return `(${code}) ${stderr.slice(-600)} ${stdout.slice(-900)}`;
}

const NAMES =
  /^(?:data_cache\/[^/]+_1d_data\.csv(?:\.(?:unreadable|original)-[0-9TZ-]+)?|massive_cache\/\d{4}-\d\d-\d\d\.csv\.gz(?:\.(?:damaged|original)-[0-9TZ-]+)?|massive_cache\/\.source\.json|massive_cache\/\.toc\/\d{4}-\d\d|progress\.json(?:\.unreadable-[0-9TZ-]+)?|progress\.ndjson|accepted\.json|stocks\.txt|tracked\.txt|barloom\.log|\.barloom\.(?:run|verified))$/;

function judgeNames({ names }: FolderSeen, told: () => string): void {
  const strange = names.filter((name) => !NAMES.test(name));
  must(strange.length === 0, () => `left behind: ${strange.join(', ')}\n${told()}`);
}

/** What may stand in the archive for a day: a text, nothing, or what was damaged. */
function judgeArchive(
  world: World,
  purposes: readonly Purpose[],
  done: readonly Purpose[],
  after: FolderSeen,
  told: () => string,
): void {
  const { before, vendor } = world;
  for (const day of new Set([...before.archive.keys(), ...after.archive.keys(), ...vendor.listed()])) {
    const [had, has] = [before.archive.has(day), after.archive.has(day)];
    const [old, text] = [before.archive.get(day), after.archive.get(day)];
    const current = vendor.current(day);
    const fresh = current === undefined ? undefined : marketText(day, current);
    const isFresh = has && text !== undefined && text === fresh;
    const same = had === has && old === text;
    const fetched = purposes.some(({ fetches }) => fetches?.days.has(day) === true && (fetches.keeps || had));
    const pruned = purposes.some(({ prunes }) => prunes?.(before).has(day) === true);
    // The text that was damaged, sound again.
    const mended =
      purposes.some(({ repairs }) => repairs) &&
      has &&
      text !== undefined &&
      world.versionIn(after, day) !== undefined;
    must(
      same || (fetched && isFresh) || (pruned && !has) || mended,
      () =>
        `${day} of the archive: was ${shown(world, before, day)}, is ${shown(world, after, day)}\n${told()}`,
    );
    if (!same && has) world.damagedDays.delete(day);
    const needed = done.find(
      ({ fetches }) => fetches?.days.has(day) === true && (fetches.keeps || had) && fetches.must(day),
    );
    if (
      needed !== undefined &&
      fresh !== undefined &&
      !world.damagedDays.has(day) &&
      !(world.pruned.has(day) && !needed.args.includes('--force') && !needed.args.includes('pruned'))
    )
      must(isFresh, () => `${day} is not the vendor's current one: ${shown(world, after, day)}\n${told()}`);
  }
}

function judgeTracked(
  world: World,
  purposes: readonly Purpose[],
  done: readonly Purpose[],
  after: FolderSeen,
  told: () => string,
): void {
  const before = world.before.tracked.join(' ');
  const is = after.tracked.join(' ');
  const wants = purposes.flatMap((purpose) =>
    purpose.tracks === undefined ? [] : [{ purpose, text: [...purpose.tracks].join(' ') }],
  );
  const [only] = wants;
  if (purposes.some(({ tracksSome }) => tracksSome !== undefined)) return;
  if (only === undefined) must(is === before, () => `tracked.txt: was "${before}", is "${is}"\n${told()}`);
  else if (wants.length === 1) {
    const finished = done.includes(only.purpose);
    must(
      is === only.text || (!finished && is === before),
      () => `tracked.txt: was "${before}", is "${is}", should be "${only.text}"\n${told()}`,
    );
  }
}
