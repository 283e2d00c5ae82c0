/** What is loaded as one: the rows of a day, all of them or some symbols', in an order that never changes. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Only } from '#store/database/loads.js';
import type { Scope } from '#store/database/scope.js';
import type { Column } from '#store/database/table-shape.js';

export interface LoadUnit {
  readonly day: IsoDay;
  readonly scope: Scope;
  /** Which of the day's rows in the table are the unit's; undefined: all. */
  readonly only: Only | undefined;
  /** Of what its rows are made from: another one means other rows. */
  readonly fingerprint: string;
  /** About how many rows it has. */
  readonly rows: number;
}

/** A unit as a text file of rows, in the order of `columns`. */
export interface UnitText {
  readonly file: string;
  readonly columns: readonly Column[];
  /** Lines of the source that are no records. */
  readonly leftOut: number;
}

/**
 * `upsert`: the table is made what the source says. `append`: what is in the table stays as it is. `replace`:
 * what the table has of the days goes first, also where it is recorded as loaded.
 */
export const LOAD_MODES = ['upsert', 'append', 'replace'] as const;
export type LoadMode = (typeof LOAD_MODES)[number];
