/**
 * What the ratios' formulas are made of: fields of the three statements (`bs.` balance sheet, `is.` income
 * statement, `cf.` cash flow statement, in the vendor's names), and what is derived from them. A missing
 * field is null and not 0, but where it says `|0`: no goodwill in the filing is no goodwill.
 */

export interface Operand {
  readonly name: string;
  readonly formula: string;
}

const flows: readonly (readonly [string, string])[] = [
  ['rev', 'is.revenue'],
  ['cogs', 'is.cost_of_revenue'],
  ['gp', 'is.gross_profit else rev - cogs'],
  ['rd', 'is.research_development'],
  ['sga', 'is.selling_general_administrative'],
  ['da', 'cf.depreciation_depletion_and_amortization else is.depreciation_depletion_amortization'],
  // Without cost of revenue, whatever the vendor's description says: its own sample adds up so.
  ['opex', 'is.total_operating_expenses'],
  ['oi', 'is.operating_income'],
  ['interest', 'is.interest_expense'],
  ['pti', 'is.income_before_income_taxes'],
  ['tax', 'is.income_taxes'],
  ['nic', 'is.consolidated_net_income_loss'],
  ['ni', 'is.net_income_loss_attributable_common_shareholders else nic'],
  ['ebit', 'pti + interest else oi'],
  ['ebitda', 'is.ebitda else ebit + da'],
  ['cfo', 'cf.net_cash_from_operating_activities'],
  ['cfi', 'cf.net_cash_from_investing_activities'],
  ['cff', 'cf.net_cash_from_financing_activities'],
  // Purchases and dividends stand with a minus sign in the cash flow statement.
  ['capex', '-cf.purchase_of_property_plant_and_equipment'],
  ['fcf', 'cfo - capex'],
  ['div', '-cf.dividends'],
  ['ltd_issued', 'cf.long_term_debt_issuances_repayments'],
  ['std_issued', 'cf.short_term_debt_issuances_repayments'],
  // Weighted averages of the period.
  ['dsh', 'is.diluted_shares_outstanding'],
  ['bsh', 'is.basic_shares_outstanding'],
  ['eps_basic', 'is.basic_earnings_per_share'],
  ['eps_diluted', 'is.diluted_earnings_per_share'],
];

const balances: readonly (readonly [string, string])[] = [
  ['ta', 'bs.total_assets'],
  ['tca', 'bs.total_current_assets'],
  ['tcl', 'bs.total_current_liabilities'],
  ['tl', 'bs.total_liabilities'],
  ['te', 'bs.total_equity'],
  ['pref', 'bs.preferred_stock|0'],
  ['ceq', 'bs.total_equity_attributable_to_parent - pref'],
  ['nci', 'bs.noncontrolling_interest|0'],
  ['cash', 'bs.cash_and_equivalents'],
  ['sti', 'bs.short_term_investments|0'],
  ['rec', 'bs.receivables'],
  ['inv', 'bs.inventories'],
  ['ap', 'bs.accounts_payable'],
  ['ppe', 'bs.property_plant_equipment_net'],
  ['gw', 'bs.goodwill|0'],
  ['ia', 'bs.intangible_assets_net|0'],
  ['re', 'bs.retained_earnings_deficit'],
  ['std', 'bs.debt_current'],
  ['ltd', 'bs.long_term_debt_and_capital_lease_obligations'],
  ['debt', 'either(std, ltd)'],
  ['nd', 'debt - cash - sti'],
  ['ic', 'debt + te - cash - sti'],
  ['tanq', 'ceq - gw - ia'],
];

const taxes: readonly (readonly [string, string])[] = [
  ['taxr', 'if_positive(pti, clamp(tax / pti, 0, 0.5), 0.21)'],
  ['nopat', 'oi * (1 - taxr)'],
];

export const operands: readonly Operand[] = [...flows, ...balances, ...taxes].map(([name, formula]) => ({
  name,
  formula,
}));

/** Made with the price of the day, from the row of the trailing twelve months. */
export const priceOperands: readonly Operand[] = [
  { name: 'mc', formula: 'p * bsh' },
  { name: 'ev', formula: 'mc + debt + pref + nci - cash - sti' },
];

/** What is known of a row besides its statements. */
export const GIVEN: Readonly<Record<string, string>> = {
  k: '4 on the quarterly basis, else 1: flows over balances are annualised with it',
  n: 'days of the period: 91.25 on the quarterly basis, else 365',
  dps: "cash dividends a share with an ex-date in the period, on the filing's share basis; 0 where the list of dividends reaches over the period and has none",
  share_change:
    'new shares for an old one by the splits since the row one year earlier was filed; 1 without any',
  p: 'as-traded close of the last session at or before the day of filing, at most 40 days back',
};
