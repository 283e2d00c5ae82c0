/** Which files of silver have to be made: those whose inputs are others than they were made from. Pure. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { FeatureSet } from '#market/features/formula.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { Partition } from '#store/lake/layout.js';

/** A day of bronze by the hash of its text. */
export type Inputs = ReadonlyMap<IsoDay, string>;

export interface FeatureFile {
  readonly partition: Partition;
  /** What it is made from: the rules, and every day of bronze that it may look at. */
  readonly madeFrom: string;
  /** The first day that has to be read for it. */
  readonly from: IsoDay;
  readonly first: IsoDay;
  readonly last: IsoDay;
}

export interface FeatureFacts {
  readonly set: FeatureSet;
  readonly partitionOf: (day: IsoDay) => Partition;
  readonly inputs: Inputs;
  /** Of what the rows are compared with on their own day: an option's underlying. */
  readonly beside: Inputs;
  /** What is known of splits up to a day, as a mark; undefined where there are none. */
  readonly splitsUpTo?: ((day: IsoDay) => string | undefined) | undefined;
}

/** Every file that there is to be, the oldest first. */
export function featureFiles({
  set,
  partitionOf,
  inputs,
  beside,
  splitsUpTo,
}: FeatureFacts): readonly FeatureFile[] {
  const days = [...inputs.keys()].sort();
  const partitions = new Map<Partition, IsoDay[]>();
  for (const day of days) {
    const own = partitions.get(partitionOf(day)) ?? [];
    own.push(day);
    partitions.set(partitionOf(day), own);
  }
  return [...partitions].map(([partition, own]) => {
    const [first, last] = [own[0] as IsoDay, own.at(-1) as IsoDay];
    const from = addDays(first, -set.lookBack);
    const used = days.filter((day) => day >= from && day <= last);
    const marks = [
      ...used.map((day) => `${day} ${inputs.get(day)}`),
      ...own.map((day) => `beside ${day} ${beside.get(day) ?? ''}`),
      ...splitMark(splitsUpTo?.(last)),
    ];
    return { partition, madeFrom: sha256(`${set.version}\n${marks.join('\n')}\n`), from, first, last };
  });
}

function splitMark(mark: string | undefined): readonly string[] {
  return mark === undefined ? [] : [`splits ${mark}`];
}

/**
 * Files that are next to each other are made together: what they look back at is read once. At most so many
 * days of bronze at a time.
 */
export function inBatches(
  files: readonly FeatureFile[],
  all: readonly FeatureFile[],
  most: number,
): readonly (readonly FeatureFile[])[] {
  const batches: FeatureFile[][] = [];
  for (const file of files) {
    const batch = batches.at(-1);
    const before = batch?.at(-1);
    const isNext = before !== undefined && all[all.indexOf(before) + 1] === file;
    if (batch !== undefined && isNext && batch.length < most) batch.push(file);
    else batches.push([file]);
  }
  return batches;
}
