/** What a command may and must do to the folder, and whether it did. */

import { readFileSync } from 'node:fs';
import type { Ended } from '../../workdir.js';
import type { FolderSeen } from './folder.js';
import { bar, type Day, marketText, TICKERS, type Values } from './market.js';
import { rowKey, type World } from './world.js';

/** A rule that was broken. */
export class Broken extends Error {}

export function must(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Broken(what());
}

/** What a command is for. */
export interface Purpose {
  readonly args: string;
  /** Series that it may add to, and the days that it looks at. */
  readonly fills?: { readonly tickers: ReadonlySet<string>; readonly days: ReadonlySet<Day> };
  /** If it ends by itself these have every bar of `fills.days` that the archive holds. */
  readonly completes?: ReadonlySet<string>;
  /** Series in which the archive wins. */
  readonly wins?: ReadonlySet<string>;
  readonly fetches?: {
    readonly days: ReadonlySet<Day>;
    readonly must: (day: Day) => boolean;
    readonly keeps: boolean;
  };
  /** Days of the archive that go. */
  readonly prunes?: (before: FolderSeen) => ReadonlySet<Day>;
  readonly deletes?: ReadonlySet<string>;
  /** What tracked.txt holds in the end. */
  readonly tracks?: ReadonlySet<string>;
  /** Some of these may be in tracked.txt besides what was. */
  readonly tracksSome?: ReadonlySet<string>;
  /** Exit codes that the design's table allows. */
  readonly codes: (before: FolderSeen, after: FolderSeen, ended: Ended) => ReadonlySet<number>;
  /** verify --repair: mends what it finds, and only that. */
  readonly repairs?: boolean;
  /** Changes nothing at all. */
  readonly reads?: boolean;
}

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
  /^(?:data_cache\/[^/]+_1d_data\.csv(?:\.(?:unreadable|original)-[0-9TZ-]+)?|massive_cache\/\d{4}-\d\d-\d\d\.csv\.gz(?:\.(?:damaged|original)-[0-9TZ-]+)?|massive_cache\/\.toc\/\d{4}-\d\d|progress\.json(?:\.unreadable-[0-9TZ-]+)?|progress\.ndjson|accepted\.json|stocks\.txt|tracked\.txt|barloom\.log|\.barloom\.run)$/;

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

function shown(world: World, seen: FolderSeen, day: Day): string {
  if (!seen.archive.has(day)) return 'nothing';
  const version = world.versionIn(seen, day);
  return version === undefined ? 'unknown bytes' : `version ${version} of ${world.vendor.newest(day)}`;
}

function judgeSeries(
  world: World,
  purposes: readonly Purpose[],
  done: readonly Purpose[],
  after: FolderSeen,
  told: () => string,
): void {
  const { before } = world;
  for (const ticker of TICKERS) {
    const [was, is] = [before.series.get(ticker), after.series.get(ticker)];
    const deleted = purposes.some(({ deletes }) => deletes?.has(ticker) === true);
    if (deleted && is === undefined) {
      for (const day of was?.rows.keys() ?? []) forget(world, ticker, day);
      continue;
    }
    const touched = purposes.some(
      ({ fills, wins }) => fills?.tickers.has(ticker) === true || wins?.has(ticker) === true,
    );
    if (is?.form === 'unreadable') {
      must(was?.form === 'unreadable', () => `the series of ${ticker} cannot be read any more\n${told()}`);
      continue;
    }
    if (was?.form === 'unreadable' && is !== undefined) {
      must(
        touched &&
          after.names.some((name) =>
            name.includes(`${ticker.replace('BApA', 'BA_pA')}_1d_data.csv.unreadable-`),
          ),
        () => `the unreadable series of ${ticker} is gone\n${told()}`,
      );
    }
    const days = new Set([
      ...(was?.rows.keys() ?? []),
      ...(is?.rows.keys() ?? []),
      ...after.archive.keys(),
      ...world.vendor.listed(),
    ]);
    for (const day of days)
      judgeRow(
        world,
        { ticker, day, was: was?.rows.get(day), is: is?.rows.get(day), wasRead: was?.form !== 'unreadable' },
        purposes,
        done,
        after,
        told,
      );
  }
}

interface RowSeen {
  readonly ticker: string;
  readonly day: Day;
  readonly was: Values | undefined;
  readonly is: Values | undefined;
  readonly wasRead: boolean;
}

function judgeRow(
  world: World,
  { ticker, day, was, is, wasRead }: RowSeen,
  purposes: readonly Purpose[],
  done: readonly Purpose[],
  after: FolderSeen,
  told: () => string,
): void {
  const key = rowKey(ticker, day);
  const where = (): string =>
    `${key}: was ${was}, is ${is}, archive ${shown(world, after, day)} has ${world.archived(after, ticker, day)}`;
  const filled = purposes.filter(({ fills }) => fills?.tickers.has(ticker) === true && fills.days.has(day));
  const won = purposes.some(({ wins }) => wins?.has(ticker) === true) && after.archive.has(day);
  const archive = world.archived(after, ticker, day);
  const isUsers = was !== undefined && world.users.get(key) === was;
  const vendors = world.vendor.current(day);
  const fresh = vendors === undefined ? undefined : bar(ticker, day, vendors);
  if (is !== was) {
    if (isUsers) {
      must(won && is === archive, () => `a row of the user's is gone or changed, ${where()}\n${told()}`);
      if (purposes.some(({ repairs }) => repairs)) keptBeside(world, ticker, `${day},${was}`, after, told);
    } else if (!wasRead && (is === undefined || is === world.users.get(key))) {
      // What the unreadable file held beside what can be made again is in the file that was moved aside.
      if (is !== undefined) return;
    } else if (is === undefined) {
      // A row of ours goes where the vendor's file has none.
      must(
        (filled.length > 0 || won) &&
          (after.archive.has(day) ? archive === undefined : vendors !== undefined && fresh === undefined),
        () => `a row is gone, ${where()}\n${told()}`,
      );
    } else {
      const allowed = filled.length > 0 || won;
      must(
        allowed && (is === archive || (!after.archive.has(day) && is === fresh)),
        () => `a row that is not the vendor's, ${where()}\n${told()}`,
      );
    }
    forget(world, ticker, day);
  }
  if (world.damagedDays.has(day) || (wasRead && world.excused.has(key))) return;
  const complete =
    !world.pruned.has(day) &&
    done.some(({ fills, completes }) => completes?.has(ticker) === true && fills?.days.has(day) === true);
  if (complete && after.archive.has(day)) world.unsure.delete(key);
  if (complete && after.archive.has(day) && !(isUsers && is === was))
    must(is === archive, () => `not as the archive has it, ${where()}\n${told()}`);
  if (
    done.some(({ wins, repairs }) => repairs !== true && wins?.has(ticker) === true) &&
    after.archive.has(day)
  )
    must(is === archive, () => `the archive did not win, ${where()}\n${told()}`);
}

/** What the archive takes the place of stays somewhere. */
function keptBeside(
  world: World,
  ticker: string,
  line: string,
  { names }: FolderSeen,
  told: () => string,
): void {
  const stem = ticker === 'BApA' ? 'BA_pA' : ticker;
  const beside = names.filter((name) => name.startsWith(`data_cache/${stem}_1d_data.csv.`));
  must(
    beside.some((name) => readFileSync(world.work.at(name), 'utf8').includes(line)),
    () => `${ticker}: ${line} is nowhere any more; beside it: ${beside.join(', ')}\n${told()}`,
  );
}

function forget(world: World, ticker: string, day: Day): void {
  world.users.delete(rowKey(ticker, day));
  world.excused.delete(rowKey(ticker, day));
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
