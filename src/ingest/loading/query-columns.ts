/** The columns that a query gives, as those of a table. */
import type { Column, ColumnKind } from '#store/database/table-shape.js';
import type { Duck } from '#store/lake/duckdb.js';

/** By the engine's types, without what stands in brackets behind them. Everything else is text. */
const KINDS: Readonly<Record<string, ColumnKind>> = {
  VARCHAR: 'text',
  DATE: 'day',
  TIMESTAMP: 'instant',
  BOOLEAN: 'flag',
  TINYINT: 'whole',
  SMALLINT: 'whole',
  INTEGER: 'whole',
  BIGINT: 'whole',
  UINTEGER: 'whole',
  DOUBLE: 'number',
  DECIMAL: 'number',
};

/** Of `ts_ns`, to the microsecond. */
const COPY = 'ts';

/** Never null. */
const ALWAYS: readonly string[] = ['symbol', 'date', 'ts_ns', 'ord'];

/** A column of a query, and whether its numbers may end with zeros: as a text or a decimal of fixed digits. */
export type QueryColumn = Column & { readonly padded?: true };

/** `numbers`: columns of texts that are numbers. What has no type of its own is text. */
export async function queryColumns(
  duck: Duck,
  query: string,
  numbers: ReadonlySet<string> = new Set(),
): Promise<readonly QueryColumn[]> {
  const rows = await duck.rows(`DESCRIBE ${query}`);
  return rows.map(({ column_name, column_type }): QueryColumn => {
    const name = String(column_name);
    const type = String(column_type).replace(/\(.*/, '');
    const kind = numbers.has(name) ? 'number' : name === COPY ? 'moment' : (KINDS[type] ?? 'text');
    const padded = kind === 'number' && type !== 'DOUBLE' ? ({ padded: true } as const) : {};
    return ALWAYS.includes(name) ? { name, kind, always: true } : { name, kind, ...padded };
  });
}
