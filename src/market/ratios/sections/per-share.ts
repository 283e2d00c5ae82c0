import type { RatioLine } from '../ratio.js';

/** Of diluted shares unless said; as reported, on the filing's share basis: a later split divides them. */
export const perShare: readonly RatioLine[] = [
  ['earnings_per_share_basic', 'eps_basic else ni / bsh', 's', 'P'],
  ['earnings_per_share_diluted', 'eps_diluted else ni / dsh', 's', 'P'],
  ['revenue_per_share', 'rev / dsh', 's', 'P'],
  ['gross_profit_per_share', 'gp / dsh', 's', 'P'],
  ['operating_income_per_share', 'oi / dsh', 's', 'P'],
  ['ebitda_per_share', 'ebitda / dsh', 's', 'P'],
  ['operating_cash_flow_per_share', 'cfo / dsh', 's', 'P'],
  ['free_cash_flow_per_share', 'fcf / dsh', 's', 'P'],
  ['book_value_per_share', 'ceq / dsh', 's', 'P'],
  ['tangible_book_value_per_share', 'tanq / dsh', 's', 'P'],
  ['cash_per_share', '(cash + sti) / dsh', 's', 'P'],
  ['net_debt_per_share', 'nd / dsh', 's', 'P'],
  ['capex_per_share', 'capex / dsh', 's', 'P'],
  ['dividends_per_share', 'dps', 's', ''],
];
