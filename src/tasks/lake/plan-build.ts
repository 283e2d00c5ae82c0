/**
 * Which files of bronze have to be made, and of which days: a pure function of what the archive holds and
 * what is built.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FileStamp } from '#platform/disk/durable.js';
import type { BuiltDay } from '#store/lake/built.js';
import type { Partition } from '#store/lake/layout.js';

export type DayNeed = 'new' | 'changed' | 'look' | 'forced' | 'none';

/**
 * | forced | built | archive's file      | need                                  |
 * |--------|-------|---------------------|---------------------------------------|
 * | yes    | any   | any                 | forced                                |
 * | no     | no    | any                 | new                                   |
 * | no     | yes   | the same            | none                                  |
 * | no     | yes   | another, hash not known | look: its text may be the same    |
 * | no     | yes   | another, other hash | changed                               |
 * | no     | yes   | another, same hash  | none                                  |
 */
export function needOf(
  built: BuiltDay | undefined,
  archive: FileStamp,
  { forced, sha256 }: { readonly forced: boolean; readonly sha256?: string | undefined },
): DayNeed {
  if (forced) return 'forced';
  if (built === undefined) return 'new';
  if (built.archive.size === archive.size && built.archive.mtimeMs === archive.mtimeMs) return 'none';
  if (sha256 === undefined) return 'look';
  return sha256 === built.sha256 ? 'none' : 'changed';
}

export interface PlannedFile {
  readonly partition: Partition;
  /** Days to be read from the archive, ascending. */
  readonly take: readonly IsoDay[];
  /** Days that the file there keeps. */
  readonly keep: readonly IsoDay[];
}

export interface BuildFacts {
  readonly partitionOf: (day: IsoDay) => Partition;
  /** Days of the archive that are to be read, ascending. */
  readonly needed: readonly IsoDay[];
  /** Every day that the archive holds. */
  readonly archived: readonly IsoDay[];
  readonly builtDays: (partition: Partition) => readonly IsoDay[];
  /**
   * Files that cannot be read: nothing of theirs can be kept, and all that the archive has of them is taken.
   */
  readonly damaged: ReadonlySet<Partition>;
}

/** The oldest first. */
export function planFiles({
  partitionOf,
  needed,
  archived,
  builtDays,
  damaged,
}: BuildFacts): readonly PlannedFile[] {
  const take = new Map<Partition, Set<IsoDay>>();
  const note = (day: IsoDay): void => {
    const partition = partitionOf(day);
    const days = take.get(partition) ?? new Set();
    take.set(partition, days.add(day));
  };
  for (const day of needed) note(day);
  for (const day of archived) if (damaged.has(partitionOf(day))) note(day);
  return [...take]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([partition, days]) => ({
      partition,
      take: [...days].sort(),
      keep: damaged.has(partition) ? [] : builtDays(partition).filter((day) => !days.has(day)),
    }));
}
