/** What a file of quotes says of itself, in its key-value metadata. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Duck } from '#store/lake/duckdb.js';
import { listOf, literal } from '#store/lake/duckdb.js';

export const QUOTES_SCHEMA = 1;

export interface QuoteFileFacts {
  readonly symbol: string;
  readonly day: IsoDay;
  /** The table's name. */
  readonly table: string;
  /** Quotes that the source had, and rows that were kept of them. */
  readonly quotes: number;
  readonly rows: number;
  /** Who was asked: a URL, or the archive. */
  readonly from: string;
}

export function renderFacts(facts: QuoteFileFacts): string {
  return JSON.stringify({ schema_version: QUOTES_SCHEMA, ...facts });
}

/** By file; a file that says nothing of itself is not among them. Throws what the engine says of damage. */
export async function readFacts(
  duck: Pick<Duck, 'rows'>,
  files: readonly string[],
): Promise<ReadonlyMap<string, QuoteFileFacts>> {
  if (files.length === 0) return new Map();
  const rows = await duck.rows(
    `SELECT file_name, decode(value) AS value FROM parquet_kv_metadata(${listOf(files)}) WHERE decode(key) = ${literal('barloom')}`,
  );
  return new Map(
    rows.flatMap(({ file_name: file, value }) => {
      const facts = parseFacts(String(value));
      return facts === undefined ? [] : [[String(file), facts] as const];
    }),
  );
}

function parseFacts(text: string): QuoteFileFacts | undefined {
  try {
    const { schema_version: version, ...facts } = Object(JSON.parse(text)) as Record<string, unknown>;
    const sound =
      version === QUOTES_SCHEMA &&
      [facts['symbol'], facts['day'], facts['table'], facts['from']].every((x) => typeof x === 'string') &&
      [facts['quotes'], facts['rows']].every((x) => Number.isInteger(x));
    return sound ? (facts as unknown as QuoteFileFacts) : undefined;
  } catch {
    return undefined;
  }
}
