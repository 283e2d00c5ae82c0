import type { RatioLine } from '../ratio.js';

/** Against the row one year (four quarters) earlier; null where what it grew from is 0 or below. */
export const growth: readonly RatioLine[] = [
  ['revenue_growth_yoy', 'rev / year_before(rev) - 1', 'f', 'P'],
  ['gross_profit_growth_yoy', 'gp / year_before(gp) - 1', 'f', 'P'],
  ['operating_income_growth_yoy', 'oi / year_before(oi) - 1', 'f', 'P'],
  ['ebitda_growth_yoy', 'ebitda / year_before(ebitda) - 1', 'f', 'P'],
  ['net_income_growth_yoy', 'ni / year_before(ni) - 1', 'f', 'P'],
  [
    'earnings_per_share_growth_yoy',
    'earnings_per_share_diluted * share_change / year_before(earnings_per_share_diluted) - 1',
    'f',
    'P',
  ],
  ['operating_cash_flow_growth_yoy', 'cfo / year_before(cfo) - 1', 'f', 'P'],
  ['free_cash_flow_growth_yoy', 'fcf / year_before(fcf) - 1', 'f', 'P'],
  ['total_assets_growth_yoy', 'ta / year_before(ta) - 1', 'f', 'P'],
  ['equity_growth_yoy', 'ceq / year_before(ceq) - 1', 'f', 'P'],
  ['diluted_shares_growth_yoy', 'dsh / (year_before(dsh) * share_change) - 1', 'f', 'P'],
  ['revenue_cagr_3y', '(rev / three_years_before(rev)) ^ (1 / 3) - 1', 'f', 'P'],
  [
    'piotroski_f_score',
    'points(nic > 0, cfo > 0, return_on_assets > year_before(return_on_assets), cfo > nic, ' +
      'year_before(_long_term_debt_load) > _long_term_debt_load, current_ratio > year_before(current_ratio), ' +
      'year_before(dsh) * share_change >= dsh, gross_margin > year_before(gross_margin), ' +
      'asset_turnover > year_before(asset_turnover))',
    'i',
    'P',
  ],
];
