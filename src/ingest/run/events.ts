/**
 * What a run reports while it goes: typed values, in the order in which things became true. The live line,
 * the plain lines, NDJSON, the log and the summary are all renderings of these. Nothing in them is a secret;
 * text from the vendor is not yet made safe for a terminal.
 */

import type { DayState } from '#ingest/plan/day-state.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayDifference } from '#market/records/difference.js';
import type { DayQuality } from '#market/records/quality.js';
import type { SourceKind } from '#platform/source-identity.js';

export type PopulateEvent =
  | {
      readonly type: 'started';
      readonly dataset: string;
      readonly start: IsoDay;
      readonly end: IsoDay;
      readonly sessions: number;
      readonly tickers: number | 'all' | 'none';
    }
  | { readonly type: 'listing'; readonly done: number; readonly months: number }
  | {
      readonly type: 'planned';
      readonly days: number;
      readonly fetch: number;
      readonly archive: number;
      readonly bytes: number;
    }
  /** A day's bytes were worked through; it is reported as `day` only once it is durable. */
  | { readonly type: 'worked'; readonly done: number; readonly days: number; readonly downloaded: number }
  | DayEvent
  | { readonly type: 'problem'; readonly day: IsoDay; readonly state: DayState; readonly reason: string }
  | {
      readonly type: 'retry';
      readonly what: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | ({ readonly type: 'replaced'; readonly day: IsoDay } & DayDifference)
  | ({ readonly type: 'quality'; readonly day: IsoDay } & DayQuality)
  /** Rows of the user's that are not what the vendor has, and stay. */
  | { readonly type: 'kept'; readonly ticker: string; readonly rows: number; readonly first: IsoDay }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string };

export interface DayEvent {
  readonly type: 'day';
  /** Counts up from 1 to `days`, the days that this run has to work on. */
  readonly n: number;
  readonly days: number;
  readonly day: IsoDay;
  readonly source: SourceKind | 'archive';
  /** Tickers that were looked for; undefined without series. */
  readonly tickers: number | undefined;
  readonly added: number;
  readonly unchanged: number;
  readonly corrected: number;
  readonly kept: number;
  /** Records of the day file; undefined where only single tickers were read. */
  readonly rows: number | undefined;
  /** Compressed bytes that were downloaded. */
  readonly bytes: number;
  /**
   * From the request to the last byte, and from there on; the time that a day waited for others is in
   * neither.
   */
  readonly downloadSeconds: number;
  readonly workSeconds: number;
}

export type Emit = (event: PopulateEvent) => void;
