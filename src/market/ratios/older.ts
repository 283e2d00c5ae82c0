/**
 * The 20 ratios of an older program that users know, under its names and by its rules: percent where it had
 * percent, no annualising, no means, null where the divisor is missing or 0, debt and investing flows that
 * are missing count as 0. Where they have a name of ours (`return_on_assets`), they mean something else.
 */
import type { RatioLine } from './ratio.js';

const DEBT = '(bs.long_term_debt_and_capital_lease_obligations|0 + bs.debt_current|0)';

export const olderRatios: readonly RatioLine[] = [
  ['gross_profit_margin', '(is.revenue - is.cost_of_revenue) / is.revenue * 100', 'f', 'Z'],
  ['operating_profit_margin', 'is.operating_income / is.revenue * 100', 'f', 'Z'],
  ['net_profit_margin', 'is.consolidated_net_income_loss / is.revenue * 100', 'f', 'Z'],
  ['return_on_assets', 'is.consolidated_net_income_loss / bs.total_assets * 100', 'f', 'Z'],
  ['return_on_equity', 'is.consolidated_net_income_loss / bs.total_equity * 100', 'f', 'Z'],
  [
    'return_on_invested_capital',
    'is.consolidated_net_income_loss / (bs.total_equity + bs.long_term_debt_and_capital_lease_obligations|0) * 100',
    'f',
    'Z',
  ],
  ['current_ratio', 'bs.total_current_assets / bs.total_current_liabilities', 'x', 'Z'],
  ['quick_ratio', '(bs.total_current_assets - bs.inventories|0) / bs.total_current_liabilities', 'x', 'Z'],
  ['working_capital', 'bs.total_current_assets - bs.total_current_liabilities', 'c', 'Z'],
  ['debt_to_equity', `${DEBT} / bs.total_equity`, 'x', 'Z'],
  ['debt_to_assets', `${DEBT} / bs.total_assets`, 'x', 'Z'],
  ['equity_multiplier', 'bs.total_assets / bs.total_equity', 'x', 'Z'],
  ['interest_coverage_ratio', 'is.operating_income / is.interest_expense', 'x', 'Z'],
  ['asset_turnover', 'is.revenue / bs.total_assets', 'x', 'Z'],
  ['inventory_turnover', 'is.cost_of_revenue / bs.inventories', 'x', 'Z'],
  ['receivables_turnover', 'is.revenue / bs.receivables', 'x', 'Z'],
  ['days_sales_outstanding', '365 / (is.revenue / bs.receivables)', 'd', 'Z'],
  [
    'operating_cash_flow_ratio',
    'cf.net_cash_from_operating_activities / bs.total_current_liabilities',
    'x',
    'Z',
  ],
  [
    'free_cash_flow',
    'cf.net_cash_from_operating_activities + cf.net_cash_from_investing_activities|0',
    'c',
    'Z',
  ],
  ['cash_flow_to_debt', `cf.net_cash_from_operating_activities / ${DEBT}`, 'x', 'Z'],
];
