/**
 * Statements of the vX generation: all of a period in one record, each a map of fields to {value, unit, label,
 * order}. What v1 has no column for is `extra`, with the unit where that is not US dollars. Trailing rows have
 * no filing date, and so lie in no range that is asked for.
 */
import type { OlderEndpoint, OlderRecord } from './table-type.js';

interface Part {
  readonly statement: string;
  /** A v1 column to the vX field. */
  readonly fields: Readonly<Record<string, string>>;
}

const BALANCES: Part = {
  statement: 'balance_sheet',
  fields: {
    accounts_payable: 'accounts_payable',
    cash_and_equivalents: 'cash',
    intangible_assets_net: 'intangible_assets',
    inventories: 'inventory',
    long_term_debt_and_capital_lease_obligations: 'long_term_debt',
    noncontrolling_interest: 'equity_attributable_to_noncontrolling_interest',
    other_current_assets: 'other_current_assets',
    other_noncurrent_liabilities: 'other_noncurrent_liabilities',
    property_plant_equipment_net: 'fixed_assets',
    receivables: 'accounts_receivable',
    total_assets: 'assets',
    total_current_assets: 'current_assets',
    total_current_liabilities: 'current_liabilities',
    total_equity: 'equity',
    total_equity_attributable_to_parent: 'equity_attributable_to_parent',
    total_liabilities: 'liabilities',
    total_liabilities_and_equity: 'liabilities_and_equity',
  },
};

const INCOME: Part = {
  statement: 'income_statement',
  fields: {
    revenue: 'revenues',
    cost_of_revenue: 'cost_of_revenue',
    gross_profit: 'gross_profit',
    research_development: 'research_and_development',
    selling_general_administrative: 'selling_general_and_administrative_expenses',
    depreciation_depletion_amortization: 'depreciation_and_amortization',
    total_operating_expenses: 'operating_expenses',
    operating_income: 'operating_income_loss',
    interest_expense: 'interest_expense_operating',
    total_other_income_expense: 'nonoperating_income_loss',
    equity_in_affiliates: 'income_loss_from_equity_method_investments',
    income_before_income_taxes: 'income_loss_from_continuing_operations_before_tax',
    income_taxes: 'income_tax_expense_benefit',
    noncontrolling_interest: 'net_income_loss_attributable_to_noncontrolling_interest',
    consolidated_net_income_loss: 'net_income_loss',
    preferred_stock_dividends_declared: 'preferred_stock_dividends_and_other_adjustments',
    net_income_loss_attributable_common_shareholders:
      'net_income_loss_available_to_common_stockholders_basic',
    basic_shares_outstanding: 'basic_average_shares',
    diluted_shares_outstanding: 'diluted_average_shares',
    basic_earnings_per_share: 'basic_earnings_per_share',
    diluted_earnings_per_share: 'diluted_earnings_per_share',
  },
};

const CASH: Part = {
  statement: 'cash_flow_statement',
  fields: {
    change_in_cash_and_equivalents: 'net_cash_flow',
    effect_of_currency_exchange_rate: 'exchange_gains_losses',
    net_cash_from_operating_activities: 'net_cash_flow_from_operating_activities',
    cash_from_operating_activities_continuing_operations:
      'net_cash_flow_from_operating_activities_continuing',
    net_cash_from_operating_activities_discontinued_operations:
      'net_cash_flow_from_operating_activities_discontinued',
    net_cash_from_investing_activities: 'net_cash_flow_from_investing_activities',
    net_cash_from_investing_activities_continuing_operations:
      'net_cash_flow_from_investing_activities_continuing',
    net_cash_from_investing_activities_discontinued_operations:
      'net_cash_flow_from_investing_activities_discontinued',
    net_cash_from_financing_activities: 'net_cash_flow_from_financing_activities',
    net_cash_from_financing_activities_continuing_operations:
      'net_cash_flow_from_financing_activities_continuing',
    net_cash_from_financing_activities_discontinued_operations:
      'net_cash_flow_from_financing_activities_discontinued',
  },
};

function financials(part: Part): OlderEndpoint {
  return {
    name: 'vX',
    path: '/vX/reference/financials',
    pageSize: 100,
    sort: { sort: 'filing_date', order: 'asc' },
    byTicker: { parameter: 'ticker', group: 1 },
    record: (older) => statementOf(older, part),
  };
}

export const balanceSheetsVX = financials(BALANCES);
export const incomeStatementsVX = financials(INCOME);
export const cashFlowVX = financials(CASH);

function statementOf(older: OlderRecord, { statement, fields }: Part): ReturnType<OlderEndpoint['record']> {
  const all = isRecord(older['financials']) ? older['financials'] : {};
  const entries = isRecord(all[statement]) ? all[statement] : {};
  if (Object.keys(entries).length === 0) return undefined;
  const mapped = new Set(Object.values(fields));
  const rest = Object.keys(entries).filter((name) => !mapped.has(name));
  const units = new Set(Object.values(entries).map((entry) => (isRecord(entry) ? entry['unit'] : undefined)));
  const [foreign] = [...units].filter((unit) => typeof unit === 'string' && !/^(USD\b|shares$)/.test(unit));
  const extra = {
    ...Object.fromEntries(rest.map((name) => [name, amountOf(entries[name])])),
    ...(foreign !== undefined && { unit: foreign }),
  };
  const amounts = Object.entries(fields).map(([column, name]) => [column, amountOf(entries[name])] as const);
  return {
    columns: { ...headOf(older), ...Object.fromEntries(amounts.filter(([, value]) => value !== undefined)) },
    extra: Object.keys(extra).length === 0 ? undefined : extra,
  };
}

function headOf(older: OlderRecord): OlderRecord {
  const { cik, tickers, end_date, filing_date, timeframe, fiscal_year: year, fiscal_period: period } = older;
  const quarter = /^Q([1-4])$/.exec(String(period))?.[1];
  return {
    ...{ cik, tickers, filing_date },
    period_end: end_date,
    fiscal_year: /^\d+$/.test(String(year)) ? Number(year) : undefined,
    fiscal_quarter: quarter === undefined ? undefined : Number(quarter),
    timeframe: timeframe === 'ttm' ? 'trailing_twelve_months' : timeframe,
  };
}

function amountOf(entry: unknown): unknown {
  return isRecord(entry) ? entry['value'] : undefined;
}

function isRecord(value: unknown): value is OlderRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
