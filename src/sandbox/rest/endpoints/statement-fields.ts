/** The figures under the vendor's names, in dollars, in its order: one line a field. */
import type { Balances, Flows } from '#sandbox/market/statements/figures.js';

/** Undefined: the field is absent. */
export type Amounts = Readonly<Record<string, number | null | undefined>>;

/** `mark` decides which of the ways to say "none" a record has. */
export function balanceSheetAmounts(of: Balances, mark: number): Amounts {
  return dollars({
    accounts_payable: of.payables,
    accrued_and_other_current_liabilities: of.accrued,
    accumulated_other_comprehensive_income: of.otherIncome,
    additional_paid_in_capital: of.paidIn,
    cash_and_equivalents: of.cash,
    commitments_and_contingencies: mark % 5 === 0 ? null : mark % 5 === 1 ? 0 : undefined,
    common_stock: of.commonStock,
    debt_current: of.shortDebt,
    deferred_revenue_current: of.deferredRevenue,
    goodwill: of.goodwill,
    intangible_assets_net: of.intangibles,
    inventories: of.inventories,
    long_term_debt_and_capital_lease_obligations: of.longDebt,
    noncontrolling_interest: of.minorities ?? (mark % 7 === 0 ? null : undefined),
    other_assets: of.otherAssets,
    other_current_assets: of.otherCurrent,
    other_noncurrent_liabilities: of.otherLiabilities,
    property_plant_equipment_net: of.ppe,
    receivables: of.receivables,
    retained_earnings_deficit: of.retained,
    short_term_investments: of.shortTermInvestments,
    total_assets: of.assets,
    total_current_assets: of.currentAssets,
    total_current_liabilities: of.currentLiabilities,
    total_equity: of.equity,
    total_equity_attributable_to_parent: of.parentEquity,
    total_liabilities: of.liabilities,
    total_liabilities_and_equity: of.liabilities + of.equity,
    treasury_stock: of.treasury,
  });
}

export function incomeAmounts(of: Flows): Amounts {
  return {
    ...dollars({
      revenue: of.revenue,
      cost_of_revenue: of.cost,
      gross_profit: of.gross,
      research_development: of.research,
      selling_general_administrative: of.selling,
      depreciation_depletion_amortization: of.depreciation,
      other_operating_expenses: of.otherOperating,
      total_operating_expenses: of.expenses,
      operating_income: of.operating,
      interest_income: of.interestIncome,
      interest_expense: of.interest,
      other_income_expense: of.otherIncome,
      total_other_income_expense: of.otherIncome + (of.interestIncome ?? 0) - (of.interest ?? 0),
      income_before_income_taxes: of.pretax,
      income_taxes: of.taxes,
      noncontrolling_interest: of.minorities,
      consolidated_net_income_loss: of.net,
      net_income_loss_attributable_common_shareholders: of.common,
      ebitda: of.ebitda,
      basic_shares_outstanding: of.basicShares,
      diluted_shares_outstanding: of.dilutedShares,
    }),
    basic_earnings_per_share: perShare(of.common, of.basicShares),
    diluted_earnings_per_share: perShare(of.common, of.dilutedShares),
  };
}

export function cashFlowAmounts(of: Flows): Amounts {
  return dollars({
    net_income: of.net,
    depreciation_depletion_and_amortization: of.depreciation,
    change_in_other_operating_assets_and_liabilities_net: of.workingCapital,
    other_operating_activities: of.otherCash,
    cash_from_operating_activities_continuing_operations: of.fromOperations,
    net_cash_from_operating_activities: of.fromOperations,
    purchase_of_property_plant_and_equipment: of.capex,
    sale_of_property_plant_and_equipment: of.ppeSold,
    other_investing_activities: of.otherInvesting,
    net_cash_from_investing_activities: of.fromInvesting,
    net_cash_from_investing_activities_continuing_operations: of.fromInvesting,
    long_term_debt_issuances_repayments: of.longBorrowed,
    short_term_debt_issuances_repayments: of.shortBorrowed,
    dividends: of.dividends,
    other_financing_activities: of.otherFinancing,
    net_cash_from_financing_activities: of.fromFinancing,
    net_cash_from_financing_activities_continuing_operations: of.fromFinancing,
    effect_of_currency_exchange_rate: of.currencyEffect,
    change_in_cash_and_equivalents: of.cashChange,
  });
}

/** Dollars a share, in cents. */
export function perShare(thousandDollars: number, thousandShares: number): number {
  return Number((thousandDollars / thousandShares).toFixed(2));
}

function dollars(thousands: Amounts): Amounts {
  const amounts: Record<string, number | null | undefined> = {};
  for (const name in thousands) {
    const value = thousands[name];
    amounts[name] = value === undefined || value === null ? value : value * 1000;
  }
  return amounts;
}
