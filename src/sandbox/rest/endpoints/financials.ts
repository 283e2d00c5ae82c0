/**
 * The older financials: all statements of a period in one record, with labels and units. Fourth quarters
 * mostly lack, a year up to now has no filing date, fiscal years are texts, and a few periods come twice,
 * once under a wrong quarter.
 */
import { type DayNumber, dayOfNumber } from '#sandbox/market/day-number.js';
import { mix32 } from '#sandbox/market/hash.js';
import type { Books } from '#sandbox/market/statements/books.js';
import type { Balances, Flows } from '#sandbox/market/statements/figures.js';
import { ANNUAL, MISLABELLED, QUARTERLY, TRAILING, UNDATED } from '#sandbox/market/statements/filings.js';
import { fiscalQuarter, fiscalYear, periodEnd } from '#sandbox/market/statements/periods.js';
import type { RestMarket } from '../rest-market.js';
import type { Table } from '../table.js';
import { perShare } from './statement-fields.js';

const TIMEFRAMES = ['quarterly', 'annual', 'ttm'] as const;

export function financials(market: RestMarket, books: Books): Table<number> {
  const { filings, reporters } = books;
  const quarterOf = (row: number) => filings.quarter[row] ?? 0;

  function reporterAt(row: number) {
    const reporter = reporters[filings.reporter[row] ?? 0];
    if (reporter === undefined) throw new RangeError(`no reporter of row ${row}`);
    return reporter;
  }
  function filedAt(row: number): DayNumber | undefined {
    const filed = filings.filed[row] ?? UNDATED;
    return filed === UNDATED || filings.timeframe[row] === TRAILING ? undefined : filed;
  }
  function isServed(row: number): boolean {
    const today = market.today();
    if ((filings.from[row] ?? 0) > today || (filings.until[row] ?? 0) <= today) return false;
    const last = filings.timeframe[row] === QUARTERLY && fiscalQuarter(reporterAt(row), quarterOf(row)) === 4;
    return !last || mix32(reporterAt(row).seed + quarterOf(row)) % 12 === 0;
  }
  function periodOf(row: number): string {
    if (filings.timeframe[row] === ANNUAL) return 'FY';
    if (filings.timeframe[row] === TRAILING) return 'TTM';
    const quarter = fiscalQuarter(reporterAt(row), quarterOf(row));
    return `Q${filings.kind[row] === MISLABELLED ? (quarter % 4) + 1 : quarter}`;
  }

  return {
    generation: 'old',
    columns: {
      ticker: { kind: 'list', of: (row) => books.tickersOf(reporterAt(row), market.today()) ?? [] },
      cik: { kind: 'text', of: (row) => reporterAt(row).issuer.cik },
      company_name: { kind: 'text', of: (row) => reporterAt(row).issuer.name },
      sic: { kind: 'text', of: (row) => String(1000 + (reporterAt(row).seed % 8999)) },
      filing_date: { kind: 'day', of: filedAt },
      period_of_report_date: { kind: 'day', of: (row) => filings.ended[row] },
      timeframe: { kind: 'text', of: (row) => TIMEFRAMES[filings.timeframe[row] ?? 0] },
    },
    tickerColumn: 'ticker',
    sort: [{ column: 'period_of_report_date', descending: true }],
    limit: { usual: 10, most: 100 },
    rows({ tickers }) {
      const rows: number[] = [];
      const indexes = tickers === undefined ? reporters.keys() : books.indexesOf(tickers);
      for (const index of indexes)
        for (let row = filings.starts[index] ?? 0; row < (filings.starts[index + 1] ?? 0); row++)
          if (isServed(row)) rows.push(row);
      return rows;
    },
    json(row) {
      const reporter = reporterAt(row);
      const { issuer } = reporter;
      const quarter = quarterOf(row);
      const filed = filedAt(row);
      const length = filings.timeframe[row] === QUARTERLY ? 1 : 4;
      const tickers = books.tickersOf(reporter, market.today());
      const source = `${issuer.cik}-${quarter}`;
      return JSON.stringify({
        ...(tickers !== undefined && { tickers }),
        ...{ cik: issuer.cik, company_name: issuer.name, sic: String(1000 + (reporter.seed % 8999)) },
        start_date: dayOfNumber(periodEnd(reporter, quarter - length) + 1),
        end_date: dayOfNumber(filings.ended[row] ?? 0),
        ...(filed !== undefined && {
          filing_date: dayOfNumber(filed),
          acceptance_datetime: `${dayOfNumber(filed)}T20:${10 + (quarter % 50)}:00Z`,
          source_filing_url: `https://filings.example/${source}`,
          source_filing_file_url: `https://filings.example/${source}/file.xml`,
        }),
        ...{ timeframe: TIMEFRAMES[filings.timeframe[row] ?? 0], fiscal_period: periodOf(row) },
        fiscal_year: String(fiscalYear(reporter, quarter)),
        financials: {
          balance_sheet: balanceSheet(books.balances(row, market.today())),
          ...flowStatements(books.flows(row)),
        },
      });
    },
  };
}

type Entries = Readonly<
  Record<
    string,
    { readonly value: number; readonly unit: string; readonly label: string; readonly order: number }
  >
>;

function balanceSheet(of: Balances): Entries {
  return entries({
    assets: of.assets,
    current_assets: of.currentAssets,
    noncurrent_assets: of.currentAssets === undefined ? undefined : of.assets - of.currentAssets,
    fixed_assets: of.ppe,
    inventory: of.inventories,
    accounts_receivable: of.receivables,
    cash: of.cash,
    intangible_assets: of.intangibles,
    liabilities: of.liabilities,
    current_liabilities: of.currentLiabilities,
    accounts_payable: of.payables,
    long_term_debt: of.longDebt,
    other_noncurrent_liabilities: of.otherLiabilities,
    equity: of.equity,
    equity_attributable_to_parent: of.parentEquity,
    equity_attributable_to_noncontrolling_interest: of.minorities,
    liabilities_and_equity: of.liabilities + of.equity,
  });
}

function flowStatements(of: Flows): Readonly<Record<string, Entries>> {
  const income = entries({
    revenues: of.revenue,
    cost_of_revenue: of.cost,
    gross_profit: of.gross,
    operating_expenses: of.expenses,
    costs_and_expenses: of.expenses + (of.cost ?? 0),
    research_and_development: of.research,
    selling_general_and_administrative_expenses: of.selling,
    operating_income_loss: of.operating,
    interest_expense_operating: of.interest,
    income_loss_from_continuing_operations_before_tax: of.pretax,
    income_loss_from_continuing_operations_after_tax: of.net,
    income_tax_expense_benefit: of.taxes,
    net_income_loss: of.net,
    net_income_loss_attributable_to_parent: of.common,
    net_income_loss_attributable_to_noncontrolling_interest: of.minorities,
    net_income_loss_available_to_common_stockholders_basic: of.common,
    basic_average_shares: of.basicShares,
    diluted_average_shares: of.dilutedShares,
  });
  const perShares = {
    basic_earnings_per_share: perShare(of.common, of.basicShares),
    diluted_earnings_per_share: perShare(of.common, of.dilutedShares),
  };
  const shares = Object.entries(perShares).map(([name, value], at) => [
    name,
    { value, unit: 'USD / shares', label: labelOf(name), order: 4200 + 100 * at },
  ]);
  return {
    income_statement: { ...income, ...Object.fromEntries(shares) },
    cash_flow_statement: entries({
      net_cash_flow: of.cashChange,
      net_cash_flow_from_operating_activities: of.fromOperations,
      net_cash_flow_from_operating_activities_continuing: of.fromOperations,
      net_cash_flow_from_investing_activities: of.fromInvesting,
      net_cash_flow_from_investing_activities_continuing: of.fromInvesting,
      net_cash_flow_from_financing_activities: of.fromFinancing,
      net_cash_flow_from_financing_activities_continuing: of.fromFinancing,
      exchange_gains_losses: of.currencyEffect,
    }),
    comprehensive_income: entries({
      comprehensive_income_loss: of.net,
      comprehensive_income_loss_attributable_to_parent: of.common,
      other_comprehensive_income_loss: 0,
    }),
  };
}

/** Of thousands of dollars, or of shares. */
function entries(thousands: Readonly<Record<string, number | undefined>>): Entries {
  return Object.fromEntries(
    Object.entries(thousands).flatMap(([name, value], at) =>
      value === undefined
        ? []
        : [
            [
              name,
              {
                value: value * 1000,
                unit: name.endsWith('shares') ? 'shares' : 'USD',
                label: labelOf(name),
                order: 100 * (at + 1),
              },
            ],
          ],
    ),
  );
}

function labelOf(name: string): string {
  return name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
}
