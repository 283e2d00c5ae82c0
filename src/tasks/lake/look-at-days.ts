/**
 * Which days of the archive have to be read: a file that is another one than before may hold the same text,
 * and then nothing is to be done.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { BuiltDay } from '#store/lake/built.js';
import { type DayNeed, needOf } from './plan-build.js';

export interface FailedDay {
  readonly day: IsoDay;
  readonly reason: string;
}

export interface Looked {
  readonly needed: readonly IsoDay[];
  /** Days whose archive file is another one with the same text. */
  readonly restamped: readonly { readonly day: IsoDay; readonly archive: FileStamp }[];
  readonly failed: FailedDay[];
}

export interface LookFacts {
  readonly known: ReadonlyMap<IsoDay, BuiltDay>;
  readonly stampOf: (day: IsoDay) => FileStamp | undefined;
  readonly forced: boolean;
  /** Reads the day; may throw ArchiveDamage, and then the day has failed. */
  readonly hashOf: (day: IsoDay) => string;
}

export function lookAtDays(days: readonly IsoDay[], { known, stampOf, forced, hashOf }: LookFacts): Looked {
  const needed: IsoDay[] = [];
  const restamped: { day: IsoDay; archive: FileStamp }[] = [];
  const failed: FailedDay[] = [];
  for (const day of days) {
    const archive = stampOf(day);
    if (archive === undefined) continue;
    const built = known.get(day);
    let need: DayNeed = needOf(built, archive, { forced });
    if (need === 'look') {
      try {
        need = needOf(built, archive, { forced, sha256: hashOf(day) });
        if (need === 'none') restamped.push({ day, archive });
      } catch (error) {
        if (!(error instanceof ArchiveDamage)) throw error;
        failed.push({ day, reason: error.message });
        continue;
      }
    }
    if (need !== 'none') needed.push(day);
  }
  return { needed, restamped, failed };
}
