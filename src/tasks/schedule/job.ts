/** What is to be run when: the same for every scheduler. Pure. */
import { createHash } from 'node:crypto';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { TimeOfDay } from './wall-clock.js';

export interface Job {
  readonly verb: 'nightly' | 'weekly';
  readonly dataDir: string;
  /** Node, the program, and its arguments, the verb among them; paths are absolute. */
  readonly command: readonly string[];
  /** The search path for what --on-finish runs. */
  readonly searchPath: string;
  /** In the market's zone. */
  readonly at: TimeOfDay;
  /** IANA name of the market's zone, and its city for people. */
  readonly zone: string;
  readonly city: string;
}

/** In the market's zone: the mornings after a session; the weekly run has Sunday. 0 is Sunday. */
export function weekdaysOf({ verb }: Job): readonly number[] {
  return verb === 'nightly' ? [2, 3, 4, 5, 6] : [0];
}

/** Tells the entries of several folders apart, and one folder's two: `barloom-nightly-3f2a91c0`. */
export function jobId({ verb, dataDir }: Pick<Job, 'verb' | 'dataDir'>): string {
  return `barloom-${verb}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
}

/** The machine on which it runs. */
export interface Machine {
  /** IANA name. */
  readonly zone: string;
  readonly today: IsoDay;
}

export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
