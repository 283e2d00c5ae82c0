/** What each command is for, by the README: what it may change, what it must, and how it may end. */
import type { FolderSeen } from './folder.js';
import { type Day, SESSIONS, TICKERS } from './market.js';
import type { Purpose } from './rule.js';
import type { World } from './world.js';

const ALL: ReadonlySet<string> = new Set(TICKERS);
const ALWAYS: ReadonlySet<Day> = new Set(SESSIONS);

export interface PopulateForm {
  readonly start: number;
  readonly end: number;
  readonly tickers: readonly string[];
  readonly flag:
    | ''
    | '--all-tickers'
    | '--no-save-others'
    | '--recheck'
    | '--force'
    | '--archive-only'
    | '--dry-run';
}

export function populate(world: World, { start, end, tickers, flag }: PopulateForm): Purpose {
  const [from = 0, to = 0] = [start, end].sort((a, b) => a - b);
  const days = new Set(SESSIONS.slice(from, to + 1).filter((day) => day < world.today()));
  const range = `--start ${SESSIONS[from]} --end ${SESSIONS[to]}`;
  const args = ['populate', range, tickers.length > 0 ? `--tickers ${tickers.join(',')}` : '', flag]
    .filter(Boolean)
    .join(' ');
  const wanted =
    flag === '--all-tickers'
      ? ALL
      : flag === '--archive-only'
        ? new Set<string>()
        : new Set([...world.tracked(), ...tickers]);
  if ((SESSIONS[from] ?? '') > world.today()) return { args, codes: () => new Set([2]) };
  if (wanted.size === 0 && flag !== '--archive-only') return { args, codes: () => new Set([2]) };
  if (flag === '--dry-run') return { args, reads: true, codes: () => new Set([0]) };
  const tracks = new Set([...world.before.tracked, ...tickers]);
  const keeps = flag !== '--no-save-others';
  const current = flag === '--recheck' || flag === '--force';
  return {
    args,
    fills: { tickers: wanted, days },
    completes: wanted,
    fetches: {
      days,
      keeps,
      must: (day) => current || world.unsettled(day) || !world.before.archive.has(day),
    },
    tracks,
    codes: (before, after) =>
      keeps ? exitsOf(world, days, before, after, flag === '--force') : new Set([0, 3, 4]),
  };
}

/** Exit code of a run over `days`: 3 where one is a hole, 4 where nothing of them may be read. */
function exitsOf(
  world: World,
  days: ReadonlySet<Day>,
  before: FolderSeen,
  after: FolderSeen,
  force: boolean,
): ReadonlySet<number> {
  let [here, denied, holes] = [0, 0, 0];
  let unsure = false;
  for (const day of days) {
    if (world.damagedDays.has(day)) unsure = true;
    if (world.pruned.has(day) && !after.archive.has(day) && !force) continue;
    if (after.archive.has(day)) {
      here++;
      // A copy that is there and cannot be replaced by the one that is listed.
      if (force && world.vendor.of(day)?.denied === true && world.vendor.of(day)?.listed === true)
        unsure = true;
      if (!before.archive.has(day) && world.accepted.has(day)) continue;
      continue;
    }
    const of = world.vendor.of(day);
    if (of?.listed === true && !of.denied) holes += 100;
    else if (of?.listed === true) {
      if (!world.accepted.has(day)) denied++;
    } else if (world.overdue(day) && !world.accepted.has(day)) holes++;
  }
  if (unsure) return new Set([0, 3, 4]);
  if (denied > 0 && here === 0) return new Set([4]);
  return new Set([denied + holes > 0 ? 3 : 0]);
}

export function add(
  world: World,
  tickers: readonly string[],
  range: readonly [number, number] | undefined,
): Purpose {
  const { before } = world;
  const [from = 0, to = 0] = [...(range ?? [])].sort((a, b) => a - b);
  const args = `add ${tickers.join(' ')}${range === undefined ? '' : ` --start ${SESSIONS[from]} --end ${SESSIONS[to]}`}`;
  const future = range !== undefined && (SESSIONS[from] ?? '') > world.today();
  if (isEmpty(before) || future) return { args, codes: () => new Set([2]) };
  const archived = [...before.archive.keys()];
  const days = new Set(
    range === undefined
      ? archived
      : archived.filter((day) => day >= (SESSIONS[from] ?? '') && day <= (SESSIONS[to] ?? '')),
  );
  const wanted = new Set(tickers.filter((ticker) => TICKERS.includes(ticker)));
  const isKnown = (ticker: string): boolean =>
    archived.some((day) => world.archived(before, ticker, day) !== undefined);
  const certain = tickers.every((ticker) => world.tracked().has(ticker) || isKnown(ticker));
  const base = { args, fills: { tickers: wanted, days }, completes: certain ? wanted : new Set<string>() };
  if (!certain || archived.length === 0)
    return { ...base, codes: () => new Set([0, 2, 3]), tracksSome: new Set(tickers) };
  return {
    ...base,
    tracks: new Set([...before.tracked, ...tickers.filter((ticker) => !world.tracked().has(ticker))]),
    codes: () => (world.damagedDays.size > 0 || range !== undefined ? new Set([0, 3]) : new Set([0])),
  };
}

export function remove(world: World, ticker: string, deletes: boolean): Purpose {
  const { before } = world;
  const args = `remove ${ticker}${deletes ? ' --delete --yes' : ''}`;
  const refused =
    isEmpty(before) ||
    world.listed.includes(ticker) ||
    !(before.tracked.includes(ticker) || (deletes && before.series.has(ticker)));
  if (refused) return { args, codes: () => new Set([2]) };
  return {
    args,
    tracks: new Set(before.tracked.filter((other) => other !== ticker)),
    ...(deletes && { deletes: new Set([ticker]) }),
    codes: () => new Set([0]),
  };
}

export function rebuild(world: World, which: 'tracked' | 'all' | string): Purpose {
  const { before } = world;
  const named = which !== 'tracked' && which !== 'all';
  const args = `rebuild${which === 'all' ? ' --all-tickers' : named ? ` ${which}` : ''}`;
  const archived = new Set(before.archive.keys());
  const tickers =
    which === 'all' ? ALL : named ? new Set([which]) : new Set([...world.tracked(), ...before.series.keys()]);
  const isKnown = (ticker: string): boolean =>
    before.series.has(ticker) ||
    [...archived].some((day) => world.archived(before, ticker, day) !== undefined);
  if (isEmpty(before) || archived.size === 0 || tickers.size === 0)
    return { args, codes: () => new Set([2]) };
  const unsure = world.damagedDays.size > 0;
  const code = named && !isKnown(which) ? 2 : 0;
  return {
    args,
    fills: { tickers, days: archived },
    completes: tickers,
    wins: tickers,
    codes: () => (unsure ? new Set([0, 2, 3]) : new Set([code])),
  };
}

export function verify(world: World, deep: boolean): Purpose {
  const args = `verify${deep ? ' --deep' : ''}`;
  if (isEmpty(world.before)) return { args, reads: true, codes: () => new Set([2]) };
  return { args, reads: true, codes: () => verified(world, deep) };
}

function verified(world: World, deep: boolean): ReadonlySet<number> {
  if (deep && [...world.damagedDays].some((day) => world.before.archive.has(day))) return new Set([7]);
  return world.tampered ? new Set([0, 7]) : new Set([0]);
}

export function repair(world: World, deep: boolean): Purpose {
  const args = `verify --repair${deep ? ' --deep' : ''}`;
  if (isEmpty(world.before)) return { args, codes: () => new Set([2]) };
  return {
    args,
    repairs: true,
    fills: { tickers: ALL, days: ALWAYS },
    wins: ALL,
    fetches: { days: ALWAYS, keeps: true, must: () => false },
    codes: () => (world.tampered ? new Set([0, 7, 3, 4]) : new Set([0])),
  };
}

export function backfill(world: World, only: string): Purpose {
  return {
    args: `backfill${only === '' ? '' : ` --only ${only}`}`,
    fills: { tickers: ALL, days: ALWAYS },
    fetches: { days: ALWAYS, keeps: true, must: () => false },
    codes: () => (isEmpty(world.before) ? new Set([2]) : new Set([0, 2, 3, 4])),
  };
}

export function nightly(world: World): Purpose {
  return {
    args: 'nightly',
    fills: { tickers: ALL, days: ALWAYS },
    fetches: { days: ALWAYS, keeps: true, must: () => false },
    codes: () => (isEmpty(world.before) ? new Set([2]) : new Set([0, 2, 3, 4])),
  };
}

export function prune(world: World, keepDays: number): Purpose {
  const args = `prune --keep-days ${keepDays} --yes`;
  if (isEmpty(world.before)) return { args, codes: () => new Set([2]) };
  return { args, prunes: ({ archive }) => pruned([...archive.keys()], keepDays), codes: () => new Set([0]) };
}

/** The window ends at the newest day that is here. */
function pruned(days: readonly Day[], keepDays: number): ReadonlySet<Day> {
  const newest = Date.parse([...days].sort().at(-1) ?? '2024-01-01');
  return new Set(days.filter((day) => Date.parse(day) <= newest - keepDays * 24 * 3_600_000));
}

/** Neither progress nor a series nor a day: "no data yet". */
export function isEmpty({ names }: FolderSeen): boolean {
  return !names.some((name) => /^(?:progress\.|data_cache\/|massive_cache\/)/.test(name));
}
