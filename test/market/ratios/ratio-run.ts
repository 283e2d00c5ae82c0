/** Ratios of statements that a test makes up, through the program's own SQL. */
import { afterAll } from 'vitest';
import { keptRowsSql, ratioRowsSql } from '#market/ratios/ratio-rows.js';
import { rowLinksSql } from '#market/ratios/row-links.js';
import { statementRowsSql } from '#market/ratios/statement-rows.js';
import { type TickerSources, tickerRowsSql } from '#market/ratios/ticker-rows.js';
import { TABLES } from '#market/tables/all.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { versionsOf } from '#store/tables/views.js';

export type Fields = Readonly<Record<string, number | string | readonly string[] | null>>;

export interface Statements {
  readonly income: readonly Fields[];
  readonly balance: readonly Fields[];
  readonly cash: readonly Fields[];
  readonly sources?: TickerSources;
  /** ticker, date, close */
  readonly closes?: string;
}

const NAMES = { income: 'income_statements', balance: 'balance_sheets', cash: 'cash_flow' } as const;

let opened: Promise<Duck> | undefined;
afterAll(async () => (await opened)?.close());

export type RatioRow = Readonly<Record<string, unknown>>;

/** Every row, by `ticker basis period_end known_on`. */
export async function ratiosOf(statements: Statements): Promise<ReadonlyMap<string, RatioRow>> {
  opened ??= openDuck({ memoryBytes: 256e6, threads: 2, spillFolder: '' });
  const duck = await opened;
  const source = (kind: keyof typeof NAMES): string => sourceOf(NAMES[kind], statements[kind]);
  const steps = [
    ...statementRowsSql({ income: source('income'), balance: source('balance'), cash: source('cash') }),
    ...rowLinksSql(),
    ...tickerRowsSql(statements.sources ?? {}),
    ...keptRowsSql(),
  ];
  for (const step of steps) await duck.run(step);
  const rows = await duck.rows(
    `SELECT * REPLACE (period_end::VARCHAR AS period_end, filing_date::VARCHAR AS filing_date, known_on::VARCHAR AS known_on) FROM (${ratioRowsSql('true', statements.closes)})`,
  );
  return new Map(
    rows.map((row) => [`${row['ticker']} ${row['basis']} ${row['period_end']} ${row['known_on']}`, row]),
  );
}

/** Rows with the table's columns; `known_on` is the filing date where it is not said. */
function sourceOf(name: string, rows: readonly Fields[]): string {
  const type = TABLES.get(name);
  if (type === undefined) throw new RangeError(name);
  const tuples = rows.map((row) => {
    const cells = Object.entries(row).filter(([column]) => column !== 'known_on');
    const known = row['known_on'] ?? row['filing_date'] ?? null;
    return `SELECT ${cells.map(([column, value]) => `${cell(value)} AS ${column}`).join(', ')}, ${cell(known)}::DATE AS known_on, 1 AS version`;
  });
  return [
    `SELECT * EXCLUDE (version), NULL::DATE AS known_on, 1 AS version FROM (${versionsOf(type, [])})`,
    ...tuples,
  ].join(' UNION ALL BY NAME ');
}

function cell(value: Fields[string]): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return `${value}::DOUBLE`;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? `DATE '${value}'` : `'${value}'`;
  return value.length === 0 ? '[]::VARCHAR[]' : `['${value.join("', '")}']`;
}
