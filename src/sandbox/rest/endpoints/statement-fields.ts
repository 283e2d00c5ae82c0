/** The figures under the vendor's names, in its order: one line a field. */
import type { Balances, Flows } from '#sandbox/market/statements/figures.js';
import { withExponent } from '../json-number.js';

/** In thousands of dollars, or of shares; undefined: the field is absent. */
type Amount = number | null | undefined;

/** `mark` decides which of the ways to say "none" a record has. */
export type FieldOf<F> = readonly [name: string, of: (figures: F, mark: number) => Amount];

export const BALANCE_SHEET_FIELDS: readonly FieldOf<Balances>[] = [
  ['accounts_payable', (of) => of.payables],
  ['accrued_and_other_current_liabilities', (of) => of.accrued],
  ['accumulated_other_comprehensive_income', (of) => of.otherIncome],
  ['additional_paid_in_capital', (of) => of.paidIn],
  ['cash_and_equivalents', (of) => of.cash],
  ['commitments_and_contingencies', (_, mark) => (mark % 5 === 0 ? null : mark % 5 === 1 ? 0 : undefined)],
  ['common_stock', (of) => of.commonStock],
  ['debt_current', (of) => of.shortDebt],
  ['deferred_revenue_current', (of) => of.deferredRevenue],
  ['goodwill', (of) => of.goodwill],
  ['intangible_assets_net', (of) => of.intangibles],
  ['inventories', (of) => of.inventories],
  ['long_term_debt_and_capital_lease_obligations', (of) => of.longDebt],
  ['noncontrolling_interest', (of, mark) => of.minorities ?? (mark % 7 === 0 ? null : undefined)],
  ['other_assets', (of) => of.otherAssets],
  ['other_current_assets', (of) => of.otherCurrent],
  ['other_noncurrent_liabilities', (of) => of.otherLiabilities],
  ['property_plant_equipment_net', (of) => of.ppe],
  ['receivables', (of) => of.receivables],
  ['retained_earnings_deficit', (of) => of.retained],
  ['short_term_investments', (of) => of.shortTermInvestments],
  ['total_assets', (of) => of.assets],
  ['total_current_assets', (of) => of.currentAssets],
  ['total_current_liabilities', (of) => of.currentLiabilities],
  ['total_equity', (of) => of.equity],
  ['total_equity_attributable_to_parent', (of) => of.parentEquity],
  ['total_liabilities', (of) => of.liabilities],
  ['total_liabilities_and_equity', (of) => of.liabilities + of.equity],
  ['treasury_stock', (of) => of.treasury],
];

export const INCOME_FIELDS: readonly FieldOf<Flows>[] = [
  ['revenue', (of) => of.revenue],
  ['cost_of_revenue', (of) => of.cost],
  ['gross_profit', (of) => of.gross],
  ['research_development', (of) => of.research],
  ['selling_general_administrative', (of) => of.selling],
  ['depreciation_depletion_amortization', (of) => of.depreciation],
  ['other_operating_expenses', (of) => of.otherOperating],
  ['total_operating_expenses', (of) => of.expenses],
  ['operating_income', (of) => of.operating],
  ['interest_income', (of) => of.interestIncome],
  ['interest_expense', (of) => of.interest],
  ['other_income_expense', (of) => of.otherIncome],
  ['total_other_income_expense', (of) => of.otherIncome + (of.interestIncome ?? 0) - (of.interest ?? 0)],
  ['income_before_income_taxes', (of) => of.pretax],
  ['income_taxes', (of) => of.taxes],
  ['noncontrolling_interest', (of) => of.minorities],
  ['consolidated_net_income_loss', (of) => of.net],
  ['net_income_loss_attributable_common_shareholders', (of) => of.common],
  ['ebitda', (of) => of.ebitda],
  ['basic_shares_outstanding', (of) => of.basicShares],
  ['diluted_shares_outstanding', (of) => of.dilutedShares],
];

export function perShareText({ common, basicShares, dilutedShares }: Flows): string {
  const [basic, diluted] = [perShare(common, basicShares), perShare(common, dilutedShares)];
  return `,"basic_earnings_per_share":${basic},"diluted_earnings_per_share":${diluted}`;
}

export const CASH_FLOW_FIELDS: readonly FieldOf<Flows>[] = [
  ['net_income', (of) => of.net],
  ['depreciation_depletion_and_amortization', (of) => of.depreciation],
  ['change_in_other_operating_assets_and_liabilities_net', (of) => of.workingCapital],
  ['other_operating_activities', (of) => of.otherCash],
  ['cash_from_operating_activities_continuing_operations', (of) => of.fromOperations],
  ['net_cash_from_operating_activities', (of) => of.fromOperations],
  ['purchase_of_property_plant_and_equipment', (of) => of.capex],
  ['sale_of_property_plant_and_equipment', (of) => of.ppeSold],
  ['other_investing_activities', (of) => of.otherInvesting],
  ['net_cash_from_investing_activities', (of) => of.fromInvesting],
  ['net_cash_from_investing_activities_continuing_operations', (of) => of.fromInvesting],
  ['long_term_debt_issuances_repayments', (of) => of.longBorrowed],
  ['short_term_debt_issuances_repayments', (of) => of.shortBorrowed],
  ['dividends', (of) => of.dividends],
  ['other_financing_activities', (of) => of.otherFinancing],
  ['net_cash_from_financing_activities', (of) => of.fromFinancing],
  ['net_cash_from_financing_activities_continuing_operations', (of) => of.fromFinancing],
  ['effect_of_currency_exchange_rate', (of) => of.currencyEffect],
  ['change_in_cash_and_equivalents', (of) => of.cashChange],
];

/** Dollars a share, in cents. */
export function perShare(thousandDollars: number, thousandShares: number): number {
  return Number((thousandDollars / thousandShares).toFixed(2));
}

/** `,"name":amount` for each field, in dollars; with exponents where that is wished for. */
export function amountsText<F>(
  fields: readonly FieldOf<F>[],
  figures: F,
  mark: number,
  exponents: boolean,
): string {
  let text = '';
  for (const [name, of] of fields) {
    const amount = of(figures, mark);
    if (amount === undefined) continue;
    // Whole thousands: much quicker to write than what they are times a thousand.
    const shown =
      amount === null || amount === 0 ? amount : exponents ? withExponent(amount * 1000) : `${amount}000`;
    text += `,"${name}":${shown}`;
  }
  return text;
}
