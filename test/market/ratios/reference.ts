/**
 * The ratios once more, by hand and in another language than the program's: each line from its definition.
 * NaN is null. It imports nothing of `src`.
 */

/** A statement row's fields; a missing one is NaN. */
export interface Row {
  readonly get: (field: string) => number;
}

export interface Past {
  readonly start?: Row | undefined;
  readonly year?: Row | undefined;
  readonly three?: Row | undefined;
  /** The rows before that of a year ago. */
  readonly yearsStart?: Row | undefined;
}

export interface Given {
  readonly basis: 'quarterly' | 'annual' | 'ttm';
  readonly dps: number;
  readonly shareChange: number;
  readonly price: number;
}

const positive = (a: number, b: number): number => (b > 0 ? a / b : Number.NaN);
const nonZero = (a: number, b: number): number => (b !== 0 ? a / b : Number.NaN);
const or = (a: number, b: number): number => (Number.isNaN(a) ? b : a);
const or0 = (a: number): number => or(a, 0);
const NONE: Row = { get: () => Number.NaN };

function symbols({ get }: Row) {
  const rev = get('revenue');
  const cogs = get('cost_of_revenue');
  const gp = or(get('gross_profit'), rev - cogs);
  const da = or(get('depreciation_depletion_and_amortization'), get('depreciation_depletion_amortization'));
  const oi = get('operating_income');
  const int = get('interest_expense');
  const pti = get('income_before_income_taxes');
  const tax = get('income_taxes');
  const nic = get('consolidated_net_income_loss');
  const ni = or(get('net_income_loss_attributable_common_shareholders'), nic);
  const ebit = or(pti + int, oi);
  const ebitda = or(get('ebitda'), ebit + da);
  const cfo = get('net_cash_from_operating_activities');
  const capex = -get('purchase_of_property_plant_and_equipment');
  const std = get('debt_current');
  const ltd = get('long_term_debt_and_capital_lease_obligations');
  const debt = Number.isNaN(std) && Number.isNaN(ltd) ? Number.NaN : or0(std) + or0(ltd);
  const te = get('total_equity');
  const cash = get('cash_and_equivalents');
  const sti = or0(get('short_term_investments'));
  const ceq = get('total_equity_attributable_to_parent') - or0(get('preferred_stock'));
  const gw = or0(get('goodwill'));
  const ia = or0(get('intangible_assets_net'));
  const taxr = pti > 0 ? Math.min(Math.max(tax / pti, 0), 0.5) : 0.21;
  return {
    rev, cogs, gp, da, oi, int, pti, tax, nic, ni, ebit, ebitda, cfo, capex, std, ltd, debt, te, cash, sti, ceq, gw, ia, taxr,
    rd: get('research_development'), sga: get('selling_general_administrative'), opex: get('total_operating_expenses'),
    cfi: get('net_cash_from_investing_activities'), cff: get('net_cash_from_financing_activities'),
    fcf: cfo - capex, div: -get('dividends'), dsh: get('diluted_shares_outstanding'), bsh: get('basic_shares_outstanding'),
    ta: get('total_assets'), tca: get('total_current_assets'), tcl: get('total_current_liabilities'), tl: get('total_liabilities'),
    rec: get('receivables'), inv: get('inventories'), ap: get('accounts_payable'), ppe: get('property_plant_equipment_net'),
    re: get('retained_earnings_deficit'), nd: debt - cash - sti, ic: debt + te - cash - sti, tanq: ceq - gw - ia,
    nopat: oi * (1 - taxr), preferred: or0(get('preferred_stock')), minorities: or0(get('noncontrolling_interest')),
    epsBasic: positive2(get('basic_earnings_per_share'), ni, get('basic_shares_outstanding')),
    epsDiluted: positive2(get('diluted_earnings_per_share'), ni, get('diluted_shares_outstanding')),
  }; // biome-ignore format: a table
}
type Symbols = ReturnType<typeof symbols>;

const positive2 = (field: number, income: number, shares: number): number =>
  or(field, positive(income, shares));

/** `now`: the row itself; `ttm`: the twelve months that end with it, with its own given facts. */
export function expected(
  now: Row,
  past: Past,
  given: Given,
  ttm?: { row: Row; year: Row | undefined; given: Given },
) {
  const x = symbols(now);
  const s = symbols(past.start ?? NONE);
  const y = symbols(past.year ?? NONE);
  const ys = symbols(past.yearsStart ?? NONE);
  const t = symbols(past.three ?? NONE);
  const isQuarter = given.basis === 'quarterly';
  const k = isQuarter ? 4 : 1;
  const n = isQuarter ? 91.25 : 365;
  const mean = (of: (row: Symbols) => number): number => (of(x) + of(s)) / 2;
  const growth = (of: (row: Symbols) => number): number => positive(of(x), of(y)) - 1;
  const meanAssets = mean((r) => r.ta);
  const daysInventory = positive(n * mean((r) => r.inv), x.cogs);
  const daysSales = positive(n * mean((r) => r.rec), x.rev);
  const daysPayables = positive(n * mean((r) => r.ap), x.cogs);
  const revenueGrowth = growth((r) => r.rev);
  const roe = positive(
    k * x.ni,
    mean((r) => r.ceq),
  );
  const retention = 1 - positive(x.div, x.ni);
  const yearsAssets = (y.ta + ys.ta) / 2;
  const signs = [
    [x.nic, 0], [x.cfo, 0],
    [positive(k * x.nic, meanAssets), positive(k * y.nic, yearsAssets)],
    [x.cfo, x.nic],
    [positive(y.ltd, yearsAssets), positive(x.ltd, meanAssets)],
    [nonZero(x.tca, x.tcl), nonZero(y.tca, y.tcl)],
    [positive(x.gp, x.rev), positive(y.gp, y.rev)],
    [positive(k * x.rev, meanAssets), positive(k * y.rev, yearsAssets)],
  ] as const; // biome-ignore format: pairs
  const oldShares = y.dsh * given.shareChange;
  const isKnown = [...signs.flat(), oldShares, x.dsh].every((value) => !Number.isNaN(value));
  const score = signs.filter(([a, b]) => a > b).length + (x.dsh <= oldShares ? 1 : 0);
  return {
    gross_margin: positive(x.gp, x.rev),
    operating_margin: positive(x.oi, x.rev),
    ebit_margin: positive(x.ebit, x.rev),
    ebitda_margin: positive(x.ebitda, x.rev),
    pretax_margin: positive(x.pti, x.rev),
    net_margin: positive(x.ni, x.rev),
    nopat_margin: positive(x.nopat, x.rev),
    cost_of_revenue_ratio: positive(x.cogs, x.rev),
    sga_to_revenue: positive(x.sga, x.rev),
    rd_to_revenue: positive(x.rd, x.rev),
    operating_expense_ratio: positive(x.opex, x.rev),
    depreciation_to_revenue: positive(x.da, x.rev),
    sga_to_gross_profit: positive(x.sga, x.gp),
    effective_tax_rate: positive(x.tax, x.pti),
    tax_burden: positive(x.nic, x.pti),
    interest_burden: positive(x.pti, x.ebit),
    return_on_assets: positive(k * x.nic, meanAssets),
    return_on_equity: roe,
    return_on_total_equity: positive(
      k * x.nic,
      mean((r) => r.te),
    ),
    return_on_invested_capital: positive(
      k * x.nopat,
      mean((r) => r.ic),
    ),
    return_on_capital_employed: positive(
      k * x.ebit,
      mean((r) => r.ta - r.tcl),
    ),
    return_on_tangible_equity: positive(
      k * x.ni,
      mean((r) => r.tanq),
    ),
    return_on_tangible_assets: positive(
      k * x.nic,
      mean((r) => r.ta - r.gw - r.ia),
    ),
    gross_profitability: positive(k * x.gp, meanAssets),
    operating_return_on_equity: positive(
      k * (x.gp - x.sga - or0(x.rd) - or0(x.int)),
      mean((r) => r.ceq),
    ),
    cash_return_on_assets: positive(k * x.cfo, meanAssets),
    cash_return_on_equity: positive(
      k * x.cfo,
      mean((r) => r.ceq),
    ),
    current_ratio: nonZero(x.tca, x.tcl),
    quick_ratio: nonZero(x.tca - or0(x.inv), x.tcl),
    acid_test_ratio: nonZero(x.cash + x.sti + x.rec, x.tcl),
    cash_ratio: nonZero(x.cash + x.sti, x.tcl),
    operating_cash_flow_ratio: nonZero(k * x.cfo, x.tcl),
    working_capital: x.tca - x.tcl,
    working_capital_to_assets: positive(x.tca - x.tcl, x.ta),
    working_capital_to_revenue: positive(x.tca - x.tcl, k * x.rev),
    net_operating_working_capital: x.tca - x.cash - x.sti - (x.tcl - or0(x.std)),
    cash_to_assets: positive(x.cash + x.sti, x.ta),
    cash_to_debt: nonZero(x.cash + x.sti, x.debt),
    current_assets_to_assets: positive(x.tca, x.ta),
    inventory_to_working_capital: positive(x.inv, x.tca - x.tcl),
    defensive_interval_days: positive(x.cash + x.sti + x.rec, (x.cogs + x.opex - or0(x.da)) / n),
    total_debt: x.debt,
    net_debt: x.nd,
    debt_to_equity: positive(x.debt, x.te),
    net_debt_to_equity: positive(x.nd, x.te),
    long_term_debt_to_equity: positive(x.ltd, x.te),
    debt_to_assets: positive(x.debt, x.ta),
    debt_to_capital: positive(x.debt, x.debt + x.te),
    long_term_debt_to_capital: positive(x.ltd, x.ltd + x.te),
    net_debt_to_capital: positive(x.nd, x.nd + x.te),
    liabilities_to_assets: positive(x.tl, x.ta),
    liabilities_to_equity: positive(x.tl, x.te),
    equity_ratio: positive(x.te, x.ta),
    equity_multiplier: positive(x.ta, x.te),
    short_term_debt_share: positive(x.std, x.debt),
    debt_to_ebitda: positive(x.debt, k * x.ebitda),
    net_debt_to_ebitda: positive(x.nd, k * x.ebitda),
    debt_to_ebit: positive(x.debt, k * x.ebit),
    interest_coverage: positive(x.ebit, x.int),
    ebitda_interest_coverage: positive(x.ebitda, x.int),
    cash_interest_coverage: positive(x.cfo + x.int + or0(x.tax), x.int),
    debt_service_coverage: positive(k * x.ebitda, k * x.int + x.std),
    cash_flow_to_debt: positive(k * x.cfo, x.debt),
    free_cash_flow_to_debt: positive(k * x.fcf, x.debt),
    retained_earnings_to_assets: positive(x.re, x.ta),
    goodwill_and_intangibles_to_assets: positive(x.gw + x.ia, x.ta),
    fixed_assets_to_equity: positive(x.ppe, x.te),
    asset_turnover: positive(k * x.rev, meanAssets),
    fixed_asset_turnover: positive(
      k * x.rev,
      mean((r) => r.ppe),
    ),
    equity_turnover: positive(
      k * x.rev,
      mean((r) => r.te),
    ),
    capital_turnover: positive(
      k * x.rev,
      mean((r) => r.ic),
    ),
    working_capital_turnover: positive(
      k * x.rev,
      mean((r) => r.tca - r.tcl),
    ),
    cash_turnover: positive(
      k * x.rev,
      mean((r) => r.cash + r.sti),
    ),
    inventory_turnover: positive(
      k * x.cogs,
      mean((r) => r.inv),
    ),
    receivables_turnover: positive(
      k * x.rev,
      mean((r) => r.rec),
    ),
    payables_turnover: positive(
      k * x.cogs,
      mean((r) => r.ap),
    ),
    days_inventory: daysInventory,
    days_sales_outstanding: daysSales,
    days_payables: daysPayables,
    operating_cycle: daysInventory + daysSales,
    cash_conversion_cycle: daysInventory + daysSales - daysPayables,
    capex_to_revenue: positive(x.capex, x.rev),
    capex_to_depreciation: positive(x.capex, x.da),
    depreciation_to_fixed_assets: positive(
      k * x.da,
      mean((r) => r.ppe),
    ),
    asset_growth_to_revenue_growth: nonZero(
      growth((r) => r.ta),
      revenueGrowth,
    ),
    revenue_per_operating_expense: positive(x.rev, x.cogs + x.opex),
    free_cash_flow: x.fcf,
    free_cash_flow_to_firm: x.cfo + x.int * (1 - x.taxr) - x.capex,
    free_cash_flow_to_equity:
      x.fcf +
      or0(now.get('long_term_debt_issuances_repayments')) +
      or0(now.get('short_term_debt_issuances_repayments')),
    operating_cash_flow_margin: positive(x.cfo, x.rev),
    free_cash_flow_margin: positive(x.fcf, x.rev),
    cash_conversion: positive(x.cfo, x.nic),
    free_cash_flow_conversion: positive(x.fcf, x.nic),
    free_cash_flow_to_ebitda: positive(x.fcf, x.ebitda),
    operating_cash_flow_to_ebitda: positive(x.cfo, x.ebitda),
    free_cash_flow_to_operating_cash_flow: positive(x.fcf, x.cfo),
    capex_coverage: positive(x.cfo, x.capex),
    capex_to_operating_cash_flow: positive(x.capex, x.cfo),
    free_cash_flow_return_on_invested_capital: positive(
      k * x.fcf,
      mean((r) => r.ic),
    ),
    accruals_ratio: positive(k * (x.nic - x.cfo), meanAssets),
    accruals_ratio_with_investing: positive(k * (x.nic - x.cfo - x.cfi), meanAssets),
    dividend_payout_ratio: positive(x.div, x.ni),
    retention_ratio: retention,
    dividend_coverage: positive(x.ni, x.div),
    dividend_to_free_cash_flow: positive(x.div, x.fcf),
    external_financing_ratio: positive(x.cff, x.cfo),
    sustainable_growth_rate: roe * retention,
    earnings_per_share_basic: x.epsBasic,
    earnings_per_share_diluted: x.epsDiluted,
    revenue_per_share: positive(x.rev, x.dsh),
    gross_profit_per_share: positive(x.gp, x.dsh),
    operating_income_per_share: positive(x.oi, x.dsh),
    ebitda_per_share: positive(x.ebitda, x.dsh),
    operating_cash_flow_per_share: positive(x.cfo, x.dsh),
    free_cash_flow_per_share: positive(x.fcf, x.dsh),
    book_value_per_share: positive(x.ceq, x.dsh),
    tangible_book_value_per_share: positive(x.tanq, x.dsh),
    cash_per_share: positive(x.cash + x.sti, x.dsh),
    net_debt_per_share: positive(x.nd, x.dsh),
    capex_per_share: positive(x.capex, x.dsh),
    dividends_per_share: given.dps,
    ...valuations(
      ttm?.row ?? now,
      ttm === undefined ? past.year : ttm.year,
      given.price,
      ttm?.given ?? given,
    ),
    revenue_growth_yoy: revenueGrowth,
    gross_profit_growth_yoy: growth((r) => r.gp),
    operating_income_growth_yoy: growth((r) => r.oi),
    ebitda_growth_yoy: growth((r) => r.ebitda),
    net_income_growth_yoy: growth((r) => r.ni),
    earnings_per_share_growth_yoy: positive(x.epsDiluted, y.epsDiluted / given.shareChange) - 1,
    operating_cash_flow_growth_yoy: growth((r) => r.cfo),
    free_cash_flow_growth_yoy: growth((r) => r.fcf),
    total_assets_growth_yoy: growth((r) => r.ta),
    equity_growth_yoy: growth((r) => r.ceq),
    diluted_shares_growth_yoy: positive(x.dsh, y.dsh * given.shareChange) - 1,
    revenue_cagr_3y: positive(x.rev, t.rev) ** (1 / 3) - 1,
    piotroski_f_score: isQuarter || !isKnown ? Number.NaN : score,
  };
}

function valuations(row: Row, year: Row | undefined, p: number, { dps, shareChange }: Given) {
  const v = symbols(row);
  const before = symbols(year ?? NONE);
  const mc = p * v.bsh;
  const ev = mc + v.debt + v.preferred + v.minorities - v.cash - v.sti;
  const pe = positive(p, v.epsDiluted);
  const growth = positive(v.epsDiluted, before.epsDiluted / shareChange) - 1;
  return {
    market_cap: mc,
    enterprise_value: ev,
    price_to_earnings: pe,
    earnings_yield: positive(v.epsDiluted, p),
    price_to_sales: positive(mc, v.rev),
    price_to_book: positive(mc, v.ceq),
    price_to_tangible_book: positive(mc, v.tanq),
    book_to_market: positive(v.ceq, mc),
    price_to_cash_flow: positive(mc, v.cfo),
    price_to_free_cash_flow: positive(mc, v.fcf),
    operating_cash_flow_yield: positive(v.cfo, mc),
    free_cash_flow_yield: positive(v.fcf, mc),
    dividend_yield: positive(dps, p),
    ev_to_sales: positive(ev, v.rev),
    ev_to_gross_profit: positive(ev, v.gp),
    ev_to_ebitda: positive(ev, v.ebitda),
    ev_to_ebit: positive(ev, v.ebit),
    ev_to_free_cash_flow: positive(ev, v.fcf),
    ev_to_invested_capital: positive(ev, v.ic),
    price_earnings_to_growth: positive(pe, 100 * growth),
    tobins_q: positive(mc + v.tl, v.ta),
    altman_z_score:
      1.2 * positive(v.tca - v.tcl, v.ta) +
      1.4 * positive(v.re, v.ta) +
      3.3 * positive(v.ebit, v.ta) +
      0.6 * positive(mc, v.tl) +
      positive(v.rev, v.ta),
  };
}
