/** A rule, and what a command is for. */
import type { Ended } from '../../support/workdir.js';
import type { FolderSeen } from './folder.js';
import type { Day } from './market.js';
import type { World } from './world.js';

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

export function shown(world: World, seen: FolderSeen, day: Day): string {
  if (!seen.archive.has(day)) return 'nothing';
  const version = world.versionIn(seen, day);
  return version === undefined ? 'unknown bytes' : `version ${version} of ${world.vendor.newest(day)}`;
}
