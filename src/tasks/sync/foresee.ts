/**
 * What a sync would do, step by step, before any of it is done: days, bytes, room and about how long. Pure.
 * Later steps work on what earlier ones have yet to bring, so their figures are estimates, by ratios to the
 * archive's bytes that were measured on stock days of the whole market.
 */
import { lakeBytes } from '#tasks/lake/lake-space.js';

/** What is known of a dataset without doing anything. Bytes are those of the archive's files. */
export interface DatasetWork {
  readonly dataset: string;
  readonly fetch: { readonly days: number; readonly bytes: number; readonly room: number };
  /** Days of the archive that the lake lacks or has otherwise. */
  readonly build: { readonly days: number; readonly bytes: number };
  readonly hasFeatures: boolean;
  /** Whether it is the one that Qlib's folder is made of. */
  readonly isExported: boolean;
}

export interface ForeseenStep {
  readonly step: string;
  readonly days: number;
  readonly download_bytes: number;
  /** Room that it takes. */
  readonly write_bytes: number;
  readonly seconds: number;
}

export interface Foreseen {
  readonly steps: readonly ForeseenStep[];
  readonly download_bytes: number;
  readonly write_bytes: number;
  readonly seconds: number;
}

export interface Pace {
  /** Of the line. */
  readonly downloadBytesPerSecond: number;
  readonly processors: number;
}

/** Bytes of the archive that one processor gets through in a second; of Qlib's folder its symbols cost most. */
const BYTES_PER_SECOND = { populate: 16e6, lake: 9e6, features: 5.5e6, qlib: 14e6, verify: 12e6 } as const;
/** Of each file of the vendor's, and of Qlib's symbols all together, besides. */
const DAY_SECONDS = 0.005;
const QLIB_SECONDS = 3.5;
/** Of two processors and more, so many are kept busy. */
const BUSY = 1.6;

const FEATURES_PER_ARCHIVE = 3.4;
/** Seven fields of a bar in 4 bytes each, where the archive takes 27; and the files' last blocks. */
const QLIB_PER_ARCHIVE = 1.1;
const QLIB_BLOCKS = 12_000 * 7 * 4096;
/** `verify` looks at so many sessions of the lake. */
const VERIFIED_SESSIONS = 21;

export function foresee(steps: readonly string[], works: readonly DatasetWork[], pace: Pace): Foreseen {
  const all = steps.map((step) => foreseeStep(step, works, pace));
  const sum = (of: 'download_bytes' | 'write_bytes' | 'seconds'): number =>
    all.reduce((total, one) => total + one[of], 0);
  return {
    steps: all,
    download_bytes: sum('download_bytes'),
    write_bytes: sum('write_bytes'),
    seconds: sum('seconds'),
  };
}

function foreseeStep(step: string, works: readonly DatasetWork[], pace: Pace): ForeseenStep {
  const busy = pace.processors > 1 ? BUSY : 1;
  const total = (some: readonly DatasetWork[], of: (work: DatasetWork) => number): number =>
    some.reduce((sum, work) => sum + of(work), 0);
  const days = (some: readonly DatasetWork[]): number =>
    total(some, ({ fetch, build }) => fetch.days + build.days);
  const bytes = (some: readonly DatasetWork[]): number =>
    total(some, ({ fetch, build }) => fetch.bytes + build.bytes);
  switch (step) {
    case 'populate': {
      const download = total(works, ({ fetch }) => fetch.bytes);
      const files = total(works, ({ fetch }) => fetch.days);
      const work = (download / BYTES_PER_SECOND.populate + files * DAY_SECONDS) / busy;
      const seconds = Math.max(download / pace.downloadBytesPerSecond, work);
      const room = total(works, ({ fetch }) => fetch.room);
      return stepOf(step, files, { download, room, seconds });
    }
    case 'lake':
      return stepOf(step, days(works), {
        room: lakeBytes(bytes(works)),
        seconds: bytes(works) / BYTES_PER_SECOND.lake / busy,
      });
    case 'features': {
      const some = works.filter(({ hasFeatures }) => hasFeatures);
      return stepOf(step, days(some), {
        room: bytes(some) * FEATURES_PER_ARCHIVE,
        seconds: bytes(some) / BYTES_PER_SECOND.features / busy,
      });
    }
    case 'qlib': {
      const some = works.filter(({ isExported }) => isExported);
      const isNothing = days(some) === 0;
      return stepOf(step, days(some), {
        room: isNothing ? 0 : bytes(some) * QLIB_PER_ARCHIVE + QLIB_BLOCKS,
        seconds: isNothing ? 0 : QLIB_SECONDS + bytes(some) / BYTES_PER_SECOND.qlib,
      });
    }
    default: {
      const read = works.map((work) => Math.min(VERIFIED_SESSIONS, days([work])));
      const size = works.map((work, i) => (bytes([work]) * (read[i] ?? 0)) / Math.max(1, days([work])));
      return stepOf(
        step,
        read.reduce((sum, n) => sum + n, 0),
        {
          seconds: size.reduce((sum, n) => sum + n, 0) / BYTES_PER_SECOND.verify,
        },
      );
    }
  }
}

function stepOf(
  step: string,
  days: number,
  { download = 0, room = 0, seconds }: { download?: number; room?: number; seconds: number },
): ForeseenStep {
  return {
    step,
    days,
    download_bytes: Math.round(download),
    write_bytes: Math.round(room),
    seconds: Math.round(seconds * 10) / 10,
  };
}
