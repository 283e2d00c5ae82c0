/**
 * A company as its accounts see it: how large, how it grows, of what trade, when its year ends. Made to fit
 * the price and volume of its shares, so that ratios come out plausible.
 */
import { exp2, log2Ceil } from '#sandbox/market/exp2.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Issuer, Listing } from '#sandbox/market/reference/securities.js';
import { isEquity } from '#sandbox/market/reference/security-types.js';
import type { Universe } from '#sandbox/market/universe.js';

export type Trade = 'industry' | 'retail' | 'software' | 'bank';

export interface Reporter {
  readonly issuer: Issuer;
  /** Its shares, in the order of time. */
  readonly listings: readonly Listing[];
  readonly seed: number;
  readonly trade: Trade;
  /** 1 to 12. */
  readonly yearEnd: number;
  /** Quarters end on the month's last Saturday, as in years of 52 weeks. */
  readonly endsOnSaturday: boolean;
  /** log2 of a quarter's revenue in thousands of dollars when prices hold, in steps of 1/4096. */
  readonly revenueLog: number;
  /** In steps of 1/4096 of a doubling, a quarter. */
  readonly growth: number;
  /** Shares of all classes when prices hold, before splits to come. */
  readonly shares: number;
  /** Amounts are whole thousands of dollars, or of companies with billions, whole millions. */
  readonly unit: 1 | 1000;
}

const TRADES: readonly Trade[] = ['industry', 'retail', 'software', 'industry', 'bank', 'software', 'retail'];
const YEAR_ENDS = [12, 12, 12, 12, 12, 12, 12, 9, 6, 3, 1, 10];
const KNOWN: Readonly<
  Record<string, { readonly trade: Trade; readonly yearEnd: number; readonly saturday?: true }>
> = {
  AAPL: { trade: 'industry', yearEnd: 9, saturday: true },
  MSFT: { trade: 'software', yearEnd: 6 },
  NVDA: { trade: 'industry', yearEnd: 1 },
  JPM: { trade: 'bank', yearEnd: 12 },
  BAC: { trade: 'bank', yearEnd: 12 },
  WFC: { trade: 'bank', yearEnd: 12 },
  C: { trade: 'bank', yearEnd: 12 },
  GS: { trade: 'bank', yearEnd: 12 },
  WMT: { trade: 'retail', yearEnd: 1 },
  COST: { trade: 'retail', yearEnd: 8 },
};

/** Undefined for issuers without ordinary shares, which report nothing here. */
export function reporterOf(issuer: Issuer, universe: Universe): Reporter | undefined {
  const listings = issuer.securities.filter(({ type }) => isEquity(type)).flatMap((one) => one.listings);
  listings.sort((a, b) => a.first - b.first || a.row - b.row);
  const [main] = listings;
  if (main === undefined) return undefined;
  const seed = mix32(issuer.seed ^ 0xacc) >>> 0;
  const known = KNOWN[main.ticker];
  const price = exp2(universe.priceLog[main.row] ?? 0) / (universe.ticksPerDollar[main.row] ?? 100);
  const volume = exp2(universe.volumeLog[main.row] ?? 0);
  const shares = Math.max(2_000_000, Math.floor(volume * (200 + (seed % 200))));
  const revenue = Math.min(2e8, Math.max(50, (shares * price * (0.01 + ((seed >>> 8) % 90) / 1000)) / 1000));
  return {
    ...{ issuer, listings, seed, shares, revenueLog: log2Ceil(revenue) },
    trade: known?.trade ?? TRADES[(seed >>> 5) % TRADES.length] ?? 'industry',
    yearEnd: known?.yearEnd ?? YEAR_ENDS[(seed >>> 12) % YEAR_ENDS.length] ?? 12,
    endsOnSaturday: known?.saturday ?? (known === undefined && mix32(seed + GOLDEN) % 6 === 0),
    growth: ((seed >>> 16) % 110) - 20,
    unit: revenue > 1e6 ? 1000 : 1,
  };
}
