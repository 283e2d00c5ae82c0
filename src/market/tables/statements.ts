/**
 * The three financial statements. They have no id: a restatement has a filing date of its own and is a record
 * beside the first; a correction under the same date is a new version of it. Amounts are in the filing's
 * currency. Source: the vendor's OpenAPI document, /stocks/financials/v1/….
 */
import { columns, required } from './fields.js';
import { ENDPOINT } from './older-endpoint.js';
import { balanceSheetsVX, cashFlowVX, incomeStatementsVX } from './older-statements.js';
import type { Field, OlderEndpoint, TableType } from './table-type.js';

const HEAD: readonly Field[] = [
  ...columns('text', 'cik'),
  ...columns('texts', 'tickers'),
  ...columns('date', 'period_end filing_date'),
  ...columns('integer', 'fiscal_year fiscal_quarter'),
  required('text', 'timeframe'),
];

const BALANCES = columns(
  'number',
  `accounts_payable accrued_and_other_current_liabilities accumulated_other_comprehensive_income
  additional_paid_in_capital cash_and_equivalents commitments_and_contingencies common_stock debt_current
  deferred_revenue_current goodwill intangible_assets_net inventories
  long_term_debt_and_capital_lease_obligations noncontrolling_interest other_assets other_current_assets
  other_equity other_noncurrent_liabilities preferred_stock property_plant_equipment_net receivables
  retained_earnings_deficit short_term_investments total_assets total_current_assets
  total_current_liabilities total_equity total_equity_attributable_to_parent total_liabilities
  total_liabilities_and_equity treasury_stock`,
);

const INCOME = columns(
  'number',
  `revenue cost_of_revenue gross_profit research_development selling_general_administrative
  depreciation_depletion_amortization other_operating_expenses total_operating_expenses operating_income
  interest_income interest_expense other_income_expense total_other_income_expense equity_in_affiliates
  income_before_income_taxes income_taxes discontinued_operations extraordinary_items
  noncontrolling_interest consolidated_net_income_loss preferred_stock_dividends_declared
  net_income_loss_attributable_common_shareholders ebitda basic_shares_outstanding
  diluted_shares_outstanding basic_earnings_per_share diluted_earnings_per_share`,
);

const CASH = columns(
  'number',
  `net_income depreciation_depletion_and_amortization
  change_in_other_operating_assets_and_liabilities_net other_operating_activities
  cash_from_operating_activities_continuing_operations net_cash_from_operating_activities
  net_cash_from_operating_activities_discontinued_operations purchase_of_property_plant_and_equipment
  sale_of_property_plant_and_equipment other_investing_activities net_cash_from_investing_activities
  net_cash_from_investing_activities_continuing_operations
  net_cash_from_investing_activities_discontinued_operations long_term_debt_issuances_repayments
  short_term_debt_issuances_repayments dividends other_financing_activities
  net_cash_from_financing_activities net_cash_from_financing_activities_continuing_operations
  net_cash_from_financing_activities_discontinued_operations effect_of_currency_exchange_rate
  other_cash_adjustments change_in_cash_and_equivalents income_loss_from_discontinued_operations
  noncontrolling_interests`,
);

interface Statement {
  readonly name: string;
  readonly title: string;
  readonly short: string;
  readonly path: string;
  readonly aYear: number;
  readonly amounts: readonly Field[];
  readonly older: OlderEndpoint;
}

function statement({ name, title, short, path, aYear, amounts, older }: Statement): TableType {
  return {
    name,
    title,
    short,
    path: `/stocks/financials/v1/${path}`,
    fields: [...HEAD, ...amounts, ENDPOINT],
    key: ['cik', 'timeframe', 'period_end', 'fiscal_year', 'fiscal_quarter', 'filing_date'],
    date: { column: 'filing_date', otherwise: 'period_end' },
    // The mapping of today, not of the filing's day.
    moving: ['tickers', ENDPOINT.name],
    ticker: 'tickers',
    windows: {
      kind: 'dated',
      column: 'filing_date',
      span: 'year',
      first: '2009-01-01',
      back: 7,
      aYear,
      comparedYears: 2,
      weekly: true,
      // Records without a filing date are in no range of filing dates.
      beside: [
        {
          name: 'period_end',
          query: { sort: 'period_end.asc' },
          about: 60_000,
          everyDays: 7,
          since: { parameter: 'period_end.gte', days: -400 },
        },
      ],
    },
    pageSize: 10_000,
    sort: { sort: 'filing_date.asc' },
    byTicker: { parameter: 'tickers.any_of', group: 100 },
    older,
  };
}

export const balanceSheets = statement({
  name: 'balance_sheets',
  title: 'balance sheets',
  short: 'BS',
  path: 'balance-sheets',
  aYear: 33_000,
  amounts: BALANCES,
  older: balanceSheetsVX,
});

export const incomeStatements = statement({
  name: 'income_statements',
  title: 'income statements',
  short: 'IS',
  path: 'income-statements',
  aYear: 53_000,
  amounts: INCOME,
  older: incomeStatementsVX,
});

export const cashFlow = statement({
  name: 'cash_flow',
  title: 'cash flow statements',
  short: 'CF',
  path: 'cash-flow-statements',
  aYear: 53_000,
  amounts: CASH,
  older: cashFlowVX,
});

/**
 * The vendor's own ratios, of the latest trading day only: a history is what is kept of them day by day. They
 * count statements from the end of their period, not from their filing.
 */
export const vendorRatios: TableType = {
  name: 'vendor_ratios',
  title: "the vendor's ratios",
  short: 'Ratios',
  path: '/stocks/financials/v1/ratios',
  fields: [
    required('text', 'ticker'),
    required('date', 'date'),
    ...columns('text', 'cik'),
    ...columns(
      'number',
      `price average_volume market_cap earnings_per_share price_to_earnings price_to_book price_to_sales
      price_to_cash_flow price_to_free_cash_flow dividend_yield return_on_assets return_on_equity
      debt_to_equity current quick cash ev_to_sales ev_to_ebitda enterprise_value free_cash_flow`,
    ),
  ],
  key: ['ticker', 'date'],
  date: { column: 'date' },
  moving: [],
  ticker: 'ticker',
  windows: { kind: 'lists', lists: [{ name: 'latest', query: {}, everyDays: 1 }] },
  pageSize: 10_000,
  sort: { sort: 'ticker.asc' },
  byTicker: { parameter: 'ticker.any_of', group: 100 },
};
