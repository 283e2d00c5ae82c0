/**
 * Work on days of a dataset as plain data, which a queue, an array job or another machine carries. A task may be
 * run twice, by two at once, or after another has done it: the bucket alone says what is done.
 */
import type { DayObject } from '#ingest/day/day-object.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SourceIdentity } from '#platform/source-identity.js';

export interface ClusterDay {
  readonly day: IsoDay;
  /** As it was listed. */
  readonly object: DayObject;
}

export interface ClusterTask {
  /** Of dataset, days and what was listed of them: planned twice, it is the same. */
  readonly id: string;
  readonly dataset: string;
  /** Newest first; at least one. */
  readonly days: readonly ClusterDay[];
  /** Compressed, to be downloaded. */
  readonly bytes: number;
  /** Whether it is a day that wants a machine for itself. */
  readonly huge: boolean;
}

export const PLAN_FORMAT = 1;

export interface ClusterPlan {
  readonly format: typeof PLAN_FORMAT;
  readonly source: SourceIdentity;
  readonly tasks: readonly ClusterTask[];
}

/** What became of a day. */
export type DayOutcome = { readonly day: IsoDay } & (
  | {
      /** `there`: it was before, or another attempt was first with the same text. */
      readonly state: 'done' | 'there';
      readonly generation: number;
      readonly textSha256: string;
    }
  | {
      /** `dead`: not tried again until barloom cluster retry; `damaged`: it is; `gone`: listed no more. */
      readonly state: 'dead' | 'damaged' | 'gone';
      readonly why: string;
    }
);
