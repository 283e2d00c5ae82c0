import type { RatioLine } from '../ratio.js';

/** Of the trailing twelve months and the price of the filing's day; null without a price. */
export const valuation: readonly RatioLine[] = [
  ['market_cap', 'mc', 'c', ''],
  ['enterprise_value', 'ev', 'c', ''],
  ['price_to_earnings', 'p / earnings_per_share_diluted', 'x', 'P'],
  ['earnings_yield', 'earnings_per_share_diluted / p', 'f', 'P'],
  ['price_to_sales', 'mc / rev', 'x', 'P'],
  ['price_to_book', 'mc / ceq', 'x', 'P'],
  ['price_to_tangible_book', 'mc / tanq', 'x', 'P'],
  ['book_to_market', 'ceq / mc', 'f', 'P'],
  ['price_to_cash_flow', 'mc / cfo', 'x', 'P'],
  ['price_to_free_cash_flow', 'mc / fcf', 'x', 'P'],
  ['operating_cash_flow_yield', 'cfo / mc', 'f', 'P'],
  ['free_cash_flow_yield', 'fcf / mc', 'f', 'P'],
  ['dividend_yield', 'dividends_per_share / p', 'f', 'P'],
  ['ev_to_sales', 'ev / rev', 'x', 'P'],
  ['ev_to_gross_profit', 'ev / gp', 'x', 'P'],
  ['ev_to_ebitda', 'ev / ebitda', 'x', 'P'],
  ['ev_to_ebit', 'ev / ebit', 'x', 'P'],
  ['ev_to_free_cash_flow', 'ev / fcf', 'x', 'P'],
  ['ev_to_invested_capital', 'ev / ic', 'x', 'P'],
  ['price_earnings_to_growth', 'price_to_earnings / (100 * earnings_per_share_growth_yoy)', 'x', 'P'],
  ['tobins_q', '(mc + tl) / ta', 'x', 'P'],
  [
    'altman_z_score',
    '1.2 * (tca - tcl) / ta + 1.4 * re / ta + 3.3 * ebit / ta + 0.6 * mc / tl + 1.0 * rev / ta',
    'x',
    'P',
  ],
];
