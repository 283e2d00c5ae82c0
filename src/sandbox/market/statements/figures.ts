/**
 * The amounts in a company's books for one quarter: each by itself, without the quarters before, and yet they
 * add up, within a statement, between the three, and from one quarter to the next (cash). Whole thousands of
 * dollars, or of shares. What does not apply to a trade is not there.
 */
import { exp2 } from '#sandbox/market/exp2.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Reporter } from './reporter.js';

export interface Balances {
  readonly cash: number;
  readonly shortTermInvestments: number | undefined;
  readonly receivables: number;
  readonly inventories: number | undefined;
  readonly otherCurrent: number;
  readonly currentAssets: number | undefined;
  readonly ppe: number;
  readonly goodwill: number | undefined;
  readonly intangibles: number | undefined;
  readonly otherAssets: number;
  readonly assets: number;
  readonly payables: number;
  readonly accrued: number;
  readonly deferredRevenue: number | undefined;
  readonly shortDebt: number | undefined;
  readonly currentLiabilities: number | undefined;
  readonly longDebt: number;
  readonly otherLiabilities: number;
  readonly liabilities: number;
  readonly minorities: number | undefined;
  readonly parentEquity: number;
  readonly equity: number;
  readonly commonStock: number;
  readonly paidIn: number;
  readonly treasury: number | undefined;
  readonly otherIncome: number;
  readonly retained: number;
}

export interface Flows {
  readonly revenue: number;
  readonly cost: number | undefined;
  readonly gross: number | undefined;
  readonly research: number | undefined;
  readonly selling: number;
  readonly depreciation: number;
  readonly otherOperating: number;
  readonly expenses: number;
  readonly operating: number;
  readonly interestIncome: number | undefined;
  readonly interest: number | undefined;
  readonly otherIncome: number;
  readonly pretax: number;
  readonly taxes: number;
  readonly net: number;
  readonly minorities: number | undefined;
  readonly common: number;
  readonly ebitda: number;
  /** Thousands of shares, weighted, on the share basis of the quarter's end. */
  readonly basicShares: number;
  readonly dilutedShares: number;
  readonly workingCapital: number;
  readonly otherCash: number;
  readonly fromOperations: number;
  readonly capex: number;
  readonly ppeSold: number | undefined;
  readonly otherInvesting: number;
  readonly fromInvesting: number;
  readonly longBorrowed: number;
  readonly shortBorrowed: number | undefined;
  readonly dividends: number | undefined;
  readonly otherFinancing: number;
  readonly fromFinancing: number;
  readonly currencyEffect: number | undefined;
  readonly cashChange: number;
}

/** The quarter on which a reporter's revenue holds: that which ends in autumn 2026. */
const ANCHOR_QUARTER = 2026 * 4 + 3;
/** Revenue by the season, in steps of 1/4096 of a doubling; the strongest is a retailer's. */
const SEASONS = {
  industry: [0, 60, -60, 0],
  retail: [-400, 0, 0, 900],
  software: [0, 0, 50, 100],
  bank: [0, 0, 0, 0],
};

/** 0 up to 1, by what it is for. */
type Chance = (of: number) => number;

/** `restated`: as an amendment gives it, with fewer receivables. */
export function balancesOf(reporter: Reporter, quarter: number, restated: boolean): Balances {
  const { trade } = reporter;
  const own = chanceOf(reporter.seed, -1);
  const at = chanceOf(reporter.seed, quarter);
  const revenue = revenueOf(reporter, quarter);
  const part = (low: number, high: number, of: number) =>
    whole(reporter, revenue * (low + (high - low) * at(of)));
  const bank = trade === 'bank';
  const cash = cashOf(reporter, quarter);
  const shortTermInvestments = own(1) < 0.5 ? part(0.1, 0.9, 2) : undefined;
  const usual = part(bank ? 4 : 0.3, bank ? 7 : 0.8, 3);
  const receivables = restated ? whole(reporter, usual * 0.97) : usual;
  const inventories = trade === 'industry' || trade === 'retail' ? part(0.2, 0.7, 4) : undefined;
  const otherCurrent = part(0.05, 0.2, 5);
  const current = cash + (shortTermInvestments ?? 0) + receivables + (inventories ?? 0) + otherCurrent;
  const ppe = whole(reporter, revenue * (0.4 + 3 * own(6)) * (0.95 + at(6) * 0.1));
  const goodwill = own(7) < 0.6 ? whole(reporter, revenue * own(8) * 2) : undefined;
  const intangibles = own(9) < 0.5 ? part(0.1, 0.4, 10) : undefined;
  const otherAssets = part(0.1, 0.6, 11);
  const assets = current + ppe + (goodwill ?? 0) + (intangibles ?? 0) + otherAssets;
  const payables = part(0.1, 0.5, 12);
  const accrued = part(0.05, 0.4, 13);
  const deferredRevenue = trade === 'software' ? part(0.2, 0.8, 14) : undefined;
  const shortDebt = own(15) < 0.6 ? part(0, 0.4, 16) : undefined;
  const currentLiabilities = payables + accrued + (deferredRevenue ?? 0) + (shortDebt ?? 0);
  const longDebt = whole(reporter, revenue * own(17) * 4 * (0.95 + at(17) * 0.1));
  const otherLiabilities = part(0.05, bank ? 3 : 0.4, 18);
  const liabilities = currentLiabilities + longDebt + otherLiabilities;
  const equity = assets - liabilities;
  const minorities = own(19) < 0.15 ? whole(reporter, Math.abs(equity) * 0.02) : undefined;
  const parentEquity = equity - (minorities ?? 0);
  const commonStock = whole(reporter, revenue * own(20) * 0.02);
  const paidIn = whole(reporter, revenue * (1 + 3 * own(21)));
  const treasury = own(22) < 0.4 ? -part(0.5, 0.9, 23) : undefined;
  const otherIncome = whole(reporter, revenue * (at(24) - 0.6) * 0.1);
  return {
    cash,
    shortTermInvestments,
    receivables,
    inventories,
    otherCurrent,
    ppe,
    goodwill,
    intangibles,
    currentAssets: bank ? undefined : current,
    otherAssets,
    assets,
    payables,
    accrued,
    deferredRevenue,
    shortDebt,
    currentLiabilities: bank ? undefined : currentLiabilities,
    longDebt,
    otherLiabilities,
    liabilities,
    minorities,
    parentEquity,
    equity,
    commonStock,
    paidIn,
    treasury,
    otherIncome,
    retained: parentEquity - commonStock - paidIn - (treasury ?? 0) - otherIncome,
  };
}

/**
 * `restated`: as an amendment gives it, with less revenue. `shares`: of the quarter's end, in thousands;
 * `dividend`: dollars a share in the quarter.
 */
export function flowsOf(
  reporter: Reporter,
  quarter: number,
  restated: boolean,
  { shares, dividend }: { readonly shares: number; readonly dividend: number },
): Flows {
  const { trade } = reporter;
  const own = chanceOf(reporter.seed, -1);
  const at = chanceOf(reporter.seed, quarter);
  const revenue = whole(reporter, revenueOf(reporter, quarter) * (restated ? 0.96 + at(30) * 0.03 : 1));
  const part = (low: number, high: number, of: number) =>
    whole(reporter, revenue * (low + (high - low) * at(of)));
  const bank = trade === 'bank';
  const share = trade === 'software' ? 0.25 : trade === 'retail' ? 0.65 : 0.55;
  const cost = bank ? undefined : part(share - 0.08, share + 0.08, 31);
  const gross = cost === undefined ? undefined : revenue - cost;
  const research =
    trade === 'software' || own(32) < 0.3 ? part(0.04, trade === 'software' ? 0.25 : 0.09, 33) : undefined;
  const selling = part(0.08, bank ? 0.6 : 0.25, 34);
  const otherOperating = own(35) < 0.3 ? part(0, 0.03, 36) : 0;
  const expenses = (research ?? 0) + selling + otherOperating;
  const operating = (gross ?? revenue) - expenses;
  const depreciation = part(0.02, 0.08, 37);
  const interest = own(38) < 0.7 ? part(0.002, 0.05, 39) : undefined;
  const interestIncome = own(40) < 0.4 ? part(0, 0.02, 41) : undefined;
  const otherIncome = part(-0.02, 0.02, 42);
  const pretax = operating + otherIncome + (interestIncome ?? 0) - (interest ?? 0);
  const taxes =
    pretax > 0 ? whole(reporter, pretax * (0.15 + at(43) * 0.1)) : -whole(reporter, -pretax * 0.05);
  const net = pretax - taxes;
  const minorities = own(19) < 0.15 ? whole(reporter, net * 0.02) : undefined;
  const workingCapital = part(-0.08, 0.08, 44);
  const otherCash = part(-0.02, 0.05, 45);
  const fromOperations = net + depreciation + workingCapital + otherCash;
  const capex = -part(0.01, 0.12, 46);
  const ppeSold = own(47) < 0.2 ? part(0, 0.01, 48) : undefined;
  const otherInvesting = part(-0.06, 0.04, 49);
  const fromInvesting = capex + (ppeSold ?? 0) + otherInvesting;
  const cashChange = cashOf(reporter, quarter) - cashOf(reporter, quarter - 1);
  const currencyEffect = own(50) < 0.3 ? part(-0.01, 0.01, 51) : undefined;
  const fromFinancing = cashChange - fromOperations - fromInvesting - (currencyEffect ?? 0);
  const dividends = dividend > 0 ? -whole(reporter, dividend * shares) : undefined;
  const longBorrowed = part(-0.1, 0.1, 52);
  const shortBorrowed = own(53) < 0.3 ? part(-0.03, 0.03, 54) : undefined;
  return {
    revenue,
    cost,
    gross,
    research,
    selling,
    depreciation,
    otherOperating,
    expenses,
    operating,
    interestIncome,
    interest,
    otherIncome,
    pretax,
    taxes,
    net,
    minorities,
    common: net - (minorities ?? 0),
    ebitda: operating + depreciation,
    basicShares: shares,
    dilutedShares: shares + Math.floor(shares * own(55) * 0.03),
    workingCapital,
    otherCash,
    fromOperations,
    capex,
    ppeSold,
    otherInvesting,
    fromInvesting,
    longBorrowed,
    shortBorrowed,
    dividends,
    fromFinancing,
    currencyEffect,
    cashChange,
    otherFinancing: fromFinancing - longBorrowed - (shortBorrowed ?? 0) - (dividends ?? 0),
  };
}

/** Sums; shares are their average. What only some have counts as nothing in the others. */
export function addedUp(quarters: readonly [Flows, ...Flows[]]): Flows {
  const sum: { -readonly [Name in keyof Flows]: Flows[Name] } = { ...quarters[0] };
  for (const name of FLOWS) {
    let total: number | undefined;
    for (const quarter of quarters) {
      const value = quarter[name];
      if (value !== undefined) total = (total ?? 0) + value;
    }
    if (total !== undefined) sum[name] = isShares(name) ? Math.round(total / quarters.length) : total;
  }
  return sum;
}

function isShares(name: keyof Flows): boolean {
  return name === 'basicShares' || name === 'dilutedShares';
}

const FLOWS: readonly (keyof Flows)[] = [
  ...(['revenue', 'cost', 'gross', 'research', 'selling', 'depreciation', 'otherOperating'] as const),
  ...(['expenses', 'operating', 'interestIncome', 'interest', 'otherIncome', 'pretax', 'taxes'] as const),
  ...(['net', 'minorities', 'common', 'ebitda', 'basicShares', 'dilutedShares', 'workingCapital'] as const),
  ...(['otherCash', 'fromOperations', 'capex', 'ppeSold', 'otherInvesting', 'fromInvesting'] as const),
  ...(['longBorrowed', 'shortBorrowed', 'dividends', 'otherFinancing', 'fromFinancing'] as const),
  ...(['currencyEffect', 'cashChange'] as const),
];

function chanceOf(seed: number, quarter: number): Chance {
  const own = mix32(seed ^ Math.imul(quarter, GOLDEN));
  return (of) => (mix32(own + Math.imul(of, 0x2545f491)) >>> 0) / 2 ** 32;
}

function whole({ unit }: Reporter, thousands: number): number {
  return Math.round(thousands / unit) * unit;
}

function revenueOf(reporter: Reporter, quarter: number): number {
  const { growth, trade } = reporter;
  const noise = (chanceOf(reporter.seed, quarter)(60) - 0.5) * 500;
  const log = reporter.revenueLog + growth * (quarter - ANCHOR_QUARTER) + noise;
  return whole(reporter, exp2(Math.max(4096, Math.floor(log + (SEASONS[trade][quarter & 3] ?? 0)))));
}

function cashOf(reporter: Reporter, quarter: number): number {
  return whole(reporter, revenueOf(reporter, quarter) * (0.2 + 0.9 * chanceOf(reporter.seed, quarter)(61)));
}
