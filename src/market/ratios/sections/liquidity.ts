import type { RatioLine } from '../ratio.js';

export const liquidity: readonly RatioLine[] = [
  ['current_ratio', 'tca / tcl', 'x', 'Z'],
  ['quick_ratio', '(tca - inv|0) / tcl', 'x', 'Z'],
  ['acid_test_ratio', '(cash + sti + rec) / tcl', 'x', 'Z'],
  ['cash_ratio', '(cash + sti) / tcl', 'x', 'Z'],
  ['operating_cash_flow_ratio', 'k * cfo / tcl', 'x', 'Z'],
  ['working_capital', 'tca - tcl', 'c', ''],
  ['working_capital_to_assets', '(tca - tcl) / ta', 'f', 'P'],
  ['working_capital_to_revenue', '(tca - tcl) / (k * rev)', 'f', 'P'],
  ['net_operating_working_capital', '(tca - cash - sti) - (tcl - std|0)', 'c', ''],
  ['cash_to_assets', '(cash + sti) / ta', 'f', 'P'],
  ['cash_to_debt', '(cash + sti) / debt', 'x', 'Z'],
  ['current_assets_to_assets', 'tca / ta', 'f', 'P'],
  ['inventory_to_working_capital', 'inv / (tca - tcl)', 'f', 'P'],
  ['defensive_interval_days', '(cash + sti + rec) / ((cogs + opex - da|0) / n)', 'd', 'P'],
];
