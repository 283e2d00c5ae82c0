/** The columns of a file of quotes as DuckDB has them. */
import { QUOTE_COLUMNS, type QuoteColumn, SECOND_COLUMNS } from '#market/quotes/columns.js';
import type { Reduction } from '#market/quotes/reduction.js';

const TYPES: Readonly<Record<QuoteColumn['kind'], string>> = {
  text: 'VARCHAR',
  day: 'DATE',
  moment: 'TIMESTAMP',
  whole: 'BIGINT',
  number: 'DOUBLE',
  flag: 'BOOLEAN',
};

/** Those of seconds have what a second's row says besides. */
export function quoteColumns(reduction: Reduction | undefined): readonly QuoteColumn[] {
  const names: readonly string[] =
    reduction?.second === undefined
      ? []
      : reduction.second === 'best'
        ? ['crossed', 'locked']
        : ['quote_ts_ns'];
  return [...QUOTE_COLUMNS, ...SECOND_COLUMNS.filter(({ name }) => names.includes(name))];
}

/** What is the same for a whole file, or follows from `ts_ns`: not in the text that a file is made of. */
const MADE: readonly string[] = ['symbol', 'date', 'ts'];

/** The columns of the text that a file is made of. */
export function textColumns(reduction: Reduction | undefined): readonly QuoteColumn[] {
  return quoteColumns(reduction).filter(({ name }) => !MADE.includes(name));
}

export function duckType({ kind }: QuoteColumn): string {
  return TYPES[kind];
}
