import type { RatioLine } from '../ratio.js';

export const efficiency: readonly RatioLine[] = [
  ['asset_turnover', 'k * rev / mean(ta)', 'x', 'P'],
  ['fixed_asset_turnover', 'k * rev / mean(ppe)', 'x', 'P'],
  ['equity_turnover', 'k * rev / mean(te)', 'x', 'P'],
  ['capital_turnover', 'k * rev / mean(ic)', 'x', 'P'],
  ['working_capital_turnover', 'k * rev / mean(tca - tcl)', 'x', 'P'],
  ['cash_turnover', 'k * rev / mean(cash + sti)', 'x', 'P'],
  ['inventory_turnover', 'k * cogs / mean(inv)', 'x', 'P'],
  ['receivables_turnover', 'k * rev / mean(rec)', 'x', 'P'],
  ['payables_turnover', 'k * cogs / mean(ap)', 'x', 'P'],
  ['days_inventory', 'n * mean(inv) / cogs', 'd', 'P'],
  ['days_sales_outstanding', 'n * mean(rec) / rev', 'd', 'P'],
  ['days_payables', 'n * mean(ap) / cogs', 'd', 'P'],
  ['operating_cycle', 'days_inventory + days_sales_outstanding', 'd', ''],
  ['cash_conversion_cycle', 'operating_cycle - days_payables', 'd', ''],
  ['capex_to_revenue', 'capex / rev', 'f', 'P'],
  ['capex_to_depreciation', 'capex / da', 'x', 'P'],
  ['depreciation_to_fixed_assets', 'k * da / mean(ppe)', 'f', 'P'],
  ['asset_growth_to_revenue_growth', 'total_assets_growth_yoy / revenue_growth_yoy', 'x', 'Z'],
  ['revenue_per_operating_expense', 'rev / (cogs + opex)', 'x', 'P'],
];
