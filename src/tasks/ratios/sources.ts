/** Where the ratios' statements, dividends, splits and prices come from: SELECTs over the folder's tables. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { StatementSources } from '#market/ratios/statement-rows.js';
import type { DividendsReach, TickerSources } from '#market/ratios/ticker-rows.js';
import { dividends, splits } from '#market/tables/actions.js';
import { balanceSheets, cashFlow, incomeStatements } from '#market/tables/statements.js';
import type { TableType } from '#market/tables/table-type.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { listOf } from '#store/lake/duckdb.js';
import { heldTables } from '#store/tables/layout.js';
import { readTableRecord, type TableRecord } from '#store/tables/record.js';
import { currentView, knownOn, versionsView } from '#store/tables/views.js';

type Root = Pick<FolderLayout, 'dataDir'>;

export const STATEMENT_TABLES = { income: incomeStatements, balance: balanceSheets, cash: cashFlow } as const;

/** Whether there is any statement to compute from. */
export function hasStatements(layout: Root): boolean {
  const held = new Set(heldTables(layout));
  return Object.values(STATEMENT_TABLES).some(({ name }) => held.has(name));
}

export interface SourceWish {
  readonly layout: Root;
  /** As it was known then; undefined: now. */
  readonly asOf?: IsoDay | undefined;
  /** Only the companies of these; undefined: all. */
  readonly tickers?: readonly string[] | undefined;
}

/** Every version, so that each row can be made of what was known on its day. */
export function statementSources({ layout, asOf, tickers }: SourceWish): StatementSources {
  const companies =
    tickers === undefined
      ? ''
      : ` AND cik IN (${Object.values(STATEMENT_TABLES)
          .map(
            (type) =>
              `SELECT cik FROM (${versionsView(type, layout)}) WHERE list_has_any(tickers, ${listOf(tickers)})`,
          )
          .join(' UNION ')})`;
  const of = (type: TableType): string => {
    const gone = asOf === undefined ? 'gone_on IS NULL' : `(gone_on IS NULL OR gone_on > DATE '${asOf}')`;
    const known = asOf === undefined ? '' : ` AND ${knownOn(type)} <= DATE '${asOf}'`;
    return `SELECT *, ${knownOn(type)} AS known_on FROM (${versionsView(type, layout)}) WHERE ${gone}${known}${companies}`;
  };
  return { income: of(incomeStatements), balance: of(balanceSheets), cash: of(cashFlow) };
}

export async function tickerSources({ layout, asOf, tickers }: SourceWish): Promise<TickerSources> {
  const held = new Set(heldTables(layout));
  const only = tickers === undefined ? '' : ` AND ticker IN (SELECT unnest(${listOf(tickers)}))`;
  const dividendList =
    `SELECT ticker, ex_dividend_date AS day, cash_amount::DOUBLE AS cash, CASE WHEN assumed THEN ex_dividend_date ELSE greatest(ex_dividend_date, first_seen::DATE) END AS known_on ` +
    `FROM (${currentView(dividends, layout, asOf)}) WHERE cash_amount > 0 AND coalesce(upper(currency), 'USD') = 'USD'${only}`;
  const splitList =
    `SELECT ticker, execution_date AS day, split_to::DOUBLE / split_from::DOUBLE AS ratio ` +
    `FROM (${currentView(splits, layout, asOf)}) WHERE split_from > 0 AND split_to > 0 AND execution_date IS NOT NULL${only}`;
  return {
    dividends: held.has(dividends.name) ? dividendList : undefined,
    dividendsReach: reachOf(await readTableRecord(layout, dividends.name)),
    splits: held.has(splits.name) ? splitList : undefined,
  };
}

/**
 * Over which days the list of dividends is whole: back from the last look, year by year, as long as they were
 * loaded; where only tickers were asked for, all days of these.
 */
export function reachOf({ windows, tickers, lookedAt }: TableRecord): DividendsReach | undefined {
  const years = [...windows.keys()].filter((name) => /^\d{4}$/.test(name)).sort();
  const last = years.at(-1);
  if (last === undefined) {
    const asked = [...tickers].map(([, { asked_at }]) => asked_at.slice(0, 10)).sort();
    return asked[0] === undefined
      ? undefined
      : { from: '1900-01-01', to: asked[0], tickers: [...tickers.keys()] };
  }
  let first = Number(last);
  while (windows.get(String(first - 1))?.done === true) first--;
  const isFromEver = windows.has(`before ${first}`);
  return { from: isFromEver ? '1900-01-01' : `${first}-01-01`, to: lookedAt ?? `${last}-01-01` };
}
