/**
 * Rows of imported quotes for who wants them in batches, and the SELECT for who has the database do more. Rows
 * come file by file, each in the order of its moments.
 */
import { QUOTE_COLUMNS } from '#market/quotes/columns.js';
import { type Duck, listOf } from '#store/lake/duckdb.js';

export type QuoteValue = string | number | bigint | null;

export interface QuoteBatch {
  readonly rows: number;
  /** One for each of `names`, each with a value a row. */
  readonly columns: readonly (readonly QuoteValue[])[];
}

/** Of QUOTE_COLUMNS; `date` as text, `ts` left out since `ts_ns` says it. */
export const BATCH_COLUMNS = QUOTE_COLUMNS.map(({ name }) => name).filter((name) => name !== 'ts');

/** A FROM over files of quotes, of one table or several. */
export function quoteRows(files: readonly string[]): string {
  return `read_parquet(${listOf(files)}, hive_partitioning = false, union_by_name = true)`;
}

/**
 * So many rows at a time (the last batch has fewer), in the files' order. `whole` columns come as bigint,
 * `number` as number, everything else as text. Throws what the engine says.
 */
export async function* quoteBatches(
  duck: Pick<Duck, 'connection'>,
  files: readonly string[],
  rows: number,
): AsyncGenerator<QuoteBatch> {
  const select = BATCH_COLUMNS.map((name) => (name === 'date' ? 'date::VARCHAR AS date' : name)).join(', ');
  const result = await duck.connection.stream(`SELECT ${select} FROM ${quoteRows(files)}`);
  let waiting: QuoteValue[][] = BATCH_COLUMNS.map(() => []);
  let count = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const values = chunk.getColumns() as readonly (readonly QuoteValue[])[];
    for (let from = 0; from < chunk.rowCount; ) {
      const to = Math.min(chunk.rowCount, from + rows - count);
      for (const [i, column] of waiting.entries())
        for (let row = from; row < to; row++) column.push(values[i]?.[row] ?? null);
      count += to - from;
      from = to;
      if (count < rows) continue;
      yield { rows: count, columns: waiting };
      waiting = BATCH_COLUMNS.map(() => []);
      count = 0;
    }
  }
  if (count > 0) yield { rows: count, columns: waiting };
}
