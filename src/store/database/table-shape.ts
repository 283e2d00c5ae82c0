/** What a table of ours looks like, whichever database it is in. */

/**
 * `moment`: to the microsecond, in UTC, a copy of `ts_ns` that people can read; databases without such a type
 * leave it out. `instant`: a moment that nothing else says, as text where there is no such type. `whole`: 64 bits. `number`: a decimal. `flag`: true or false.
 */
export type ColumnKind = 'text' | 'day' | 'moment' | 'instant' | 'whole' | 'number' | 'flag';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Never null. */
  readonly always?: true;
}

export interface TableShape {
  readonly name: string;
  /** What is in it, in words: a dataset's name, or a feed's. A table is of one thing only. */
  readonly holds: string;
  /** `symbol`, `date`, `ts_ns` and `ord` among them, but for a table of records. */
  readonly columns: readonly Column[];
  /** Of a table that is always loaded whole: what tells its records from one another, where it is there. */
  readonly recordKey?: readonly string[];
}

/** No two rows of a table agree in these. */
export const KEY = ['symbol', 'ts_ns', 'ord'] as const;

/** What every table begins with. */
export const KEY_COLUMNS = [
  { name: 'symbol', kind: 'text', always: true },
  { name: 'date', kind: 'day', always: true },
  { name: 'ts', kind: 'moment' },
  { name: 'ts_ns', kind: 'whole', always: true },
  { name: 'ord', kind: 'whole', always: true },
] as const satisfies readonly Column[];

/** Of these tables; a higher one is a newer barloom's. */
export const TABLE_VERSION = 1;
