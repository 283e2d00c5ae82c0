/**
 * What a table of the vendor's REST API is, as a value: where it is asked for, what a record of it holds, what
 * tells one record from another, and how the whole of it is had in few requests. Nothing outside these values
 * may know a table by its name, but who computes with it.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

/**
 * `number`: a double. `decimal`: exact, 20 digits before the point and 18 behind. `integer`: 64 bits. `texts`:
 * a list. `instant`: a moment in UTC. `json`: what is nested, as its text.
 */
export type FieldKind =
  | 'text'
  | 'number'
  | 'decimal'
  | 'integer'
  | 'date'
  | 'instant'
  | 'boolean'
  | 'texts'
  | 'json';

export interface Field {
  /** The column, and where `from` does not say otherwise the vendor's own name. */
  readonly name: string;
  readonly kind: FieldKind;
  /** The way to it in the vendor's record, where that is nested: `publisher.name`. */
  readonly from?: string;
  /** A record without it is not the vendor's shape. */
  readonly required?: true;
}

/** Ranges of a date over the whole market: each can be fetched alone, and is there or not. */
export interface DatedWindows {
  readonly kind: 'dated';
  /** That the vendor filters and sorts by. */
  readonly column: string;
  readonly span: 'year' | 'month';
  /** The first span that is asked for by itself; one open window holds what is older. */
  readonly first: IsoDay;
  /** How many calendar days before the last look an update begins again: what is late or was corrected. */
  readonly back: number;
  /** Records of a year, about: for estimates. */
  readonly aYear: number;
  /** A full comparison looks at so many calendar years up to now; undefined: at all. */
  readonly comparedYears?: number;
  /** Whether that comparison is made once a week. */
  readonly weekly?: true;
  /** More lists that are asked for from time to time, for records that no range of the column holds. */
  readonly beside?: readonly ListWindow[];
}

/** A list that is asked for whole. */
export interface ListWindow {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  /** Records, about: for estimates; undefined: they fit one answer. */
  readonly about?: number;
  /** Asked for again once it is so many days old. */
  readonly everyDays: number;
  /**
   * Which records the list has all of, as a condition of SQL: one that it lacks is gone. Undefined: it proves
   * nothing.
   */
  readonly holdsAll?: string;
  /** A parameter whose value is a day, counted in days from today: `period_end.gte`, -400. */
  readonly since?: { readonly parameter: string; readonly days: number };
}

export interface ListWindows {
  readonly kind: 'lists';
  readonly lists: readonly ListWindow[];
}

/** A request a ticker, over a universe, in slices. */
export interface TickerWindows {
  readonly kind: 'tickers';
  /** A ticker is asked for again after so many days; undefined: only when it is new. */
  readonly everyDays?: number;
}

export interface TableType {
  readonly name: string;
  /** For people: `balance sheets`. */
  readonly title: string;
  /** In a ticker's line: `BS`. */
  readonly short: string;
  /** Of the endpoint; `{ticker}` stands for one, escaped. */
  readonly path: string;
  /** Sent with every request. */
  readonly query?: Readonly<Record<string, string>>;
  readonly fields: readonly Field[];
  /** What tells records apart. */
  readonly key: readonly string[];
  /**
   * The column whose month a record is kept under, then what stands in where that lacks. Undefined: the day it
   * was seen first.
   */
  readonly date?: { readonly column: string; readonly otherwise?: string };
  /** Columns that change without the record: not a part of its hash. */
  readonly moving: readonly string[];
  /** The column that says whose record it is; undefined: nobody's. */
  readonly ticker?: string;
  readonly windows: DatedWindows | ListWindows | TickerWindows;
  /** Records a request. */
  readonly pageSize?: number;
  /** As the vendor takes it: `filing_date.asc`, or the older pair. */
  readonly sort?: Readonly<Record<string, string>>;
  /** How named tickers are asked for, and how many in one request. Undefined: only the whole is to be had. */
  readonly byTicker?: { readonly parameter: string; readonly group: number };
  /** How an answer's body becomes records: a list under `results` where nothing is said. */
  readonly shape?: 'bare' | 'details' | 'events' | 'related';
  /** Asked where the plan denies this one. */
  readonly older?: OlderEndpoint;
}

export type OlderRecord = Readonly<Record<string, unknown>>;

/** An endpoint of an older generation with the same records in another shape. */
export interface OlderEndpoint extends Pick<TableType, 'path' | 'pageSize' | 'sort' | 'byTicker'> {
  /** What the column `endpoint` says of a record that came from it: `vX`, `v3`. */
  readonly name: string;
  /**
   * A record of it in the table's columns, and what no column has; undefined where it holds nothing of this
   * table.
   */
  readonly record: (
    older: OlderRecord,
  ) => { readonly columns: OlderRecord; readonly extra?: OlderRecord | undefined } | undefined;
}

/** The type's column of that name. RangeError where it has none. */
export function fieldNamed({ name: type, fields }: TableType, name: string): Field {
  const field = fields.find((one) => one.name === name);
  if (field === undefined) throw new RangeError(`${type} has no column ${name}`);
  return field;
}
