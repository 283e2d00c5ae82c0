/** The ratios that are built, as a SELECT; and those of the older program, made when they are asked for. */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { parseExpression } from '#market/ratios/expression.js';
import { expressionSql } from '#market/ratios/expression-sql.js';
import { olderRatios } from '#market/ratios/older.js';
import { divisorRule } from '#market/ratios/ratio.js';
import { ratioColumns } from '#market/ratios/ratio-rows.js';
import { balanceSheets, cashFlow, incomeStatements } from '#market/tables/statements.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { listOf } from '#store/lake/duckdb.js';
import { layerFolder, partitionFile } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { parquetOf } from '#store/lake/views.js';
import { currentView } from '#store/tables/views.js';
import { RATIOS_TABLE } from './build.js';

export function hasRatios(layout: Pick<FolderLayout, 'dataDir'>): boolean {
  return filesIn(layerFolder(layout, 'silver', RATIOS_TABLE)).size > 0;
}

/** Every row that was made, with `known_on`, the day on which it came to be known. */
export function knownRatios(layout: Pick<FolderLayout, 'dataDir'>, asOf: IsoDay | undefined): string {
  const folder = layerFolder(layout, 'silver', RATIOS_TABLE);
  const files = [...filesIn(folder).keys()].map((partition) => path.join(folder, partitionFile(partition)));
  if (files.length === 0)
    return `SELECT ${ratioColumns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')}, NULL::DATE AS known_on WHERE false`;
  const known = asOf === undefined ? '' : ` WHERE known_on <= DATE '${asOf}'`;
  return `SELECT * FROM ${parquetOf(listOf(files))}${known}`;
}

/** Of each row the newest that was known. */
export function ratiosView(layout: Pick<FolderLayout, 'dataDir'>, asOf: IsoDay | undefined): string {
  const columns = ratioColumns.map(([name]) => `"${name}"`).join(', ');
  return (
    `SELECT ${columns} FROM (${knownRatios(layout, asOf)}) ` +
    'QUALIFY row_number() OVER (PARTITION BY ticker, cik, basis, period_end, filing_date ORDER BY known_on DESC) = 1'
  );
}

/** A row for each company and ticker, period and timeframe that has an income statement. */
export function olderRatiosView(layout: Pick<FolderLayout, 'dataDir'>, asOf: IsoDay | undefined): string {
  const newest = (type: typeof balanceSheets): string =>
    `(SELECT * FROM (${currentView(type, layout, asOf)}) QUALIFY row_number() OVER (PARTITION BY cik, timeframe, period_end ORDER BY filing_date DESC NULLS LAST, first_seen DESC, fiscal_year DESC, fiscal_quarter DESC) = 1)`;
  const column = (name: string): string =>
    name
      .split('.')
      .map((part) => `"${part}"`)
      .join('.');
  const made = olderRatios.map(
    ([name, formula, , rule]) =>
      `${expressionSql(parseExpression(formula), divisorRule(rule), column)} AS ${name}`,
  );
  const same = (alias: string): string =>
    `"${alias}".cik = "is".cik AND "${alias}".timeframe = "is".timeframe AND "${alias}".period_end = "is".period_end`;
  return (
    `SELECT t.ticker, "is".cik, "is".timeframe, "is".fiscal_year, "is".fiscal_quarter, "is".period_end, greatest("is".filing_date, "bs".filing_date, "cf".filing_date) AS filing_date, ${made.join(', ')} ` +
    `FROM ${newest(incomeStatements)} "is" LEFT JOIN ${newest(balanceSheets)} "bs" ON ${same('bs')} LEFT JOIN ${newest(cashFlow)} "cf" ON ${same('cf')}, ` +
    'LATERAL (SELECT unnest(CASE WHEN len("is".tickers) > 0 THEN "is".tickers ELSE [NULL] END) AS ticker) t'
  );
}
