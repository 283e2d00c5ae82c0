/** What a run of matching is asked for. Paths are absolute. */
import type { CurrencyPolicy } from '#market/instruments/currency.js';
import type { LockWait } from '#platform/lock/lock-wait.js';
import type { MatchEvent } from './events.js';

export const PRICE_FORMATS = ['stooq', 'yfinance'] as const;
export type PriceFormat = (typeof PRICE_FORMATS)[number];

export interface MatchPlaces {
  readonly stooqDir: string;
  readonly instrumentsDir: string;
  readonly aliasesFile: string | undefined;
  readonly indexFile: string;
  readonly matchReport: string;
  readonly unmatchedReport: string;
  readonly pricesDir: string;
  readonly stateFile: string;
}

export interface MatchRequest {
  readonly places: MatchPlaces;
  readonly policy: CurrencyPolicy;
  readonly format: PriceFormat;
  /** Also write price files without a row. */
  readonly includeEmpty: boolean;
  readonly workers: number;
  /** As if there had been no run before. */
  readonly full: boolean;
  /** Match every instrument again, and write the index again. */
  readonly forceReindex: boolean;
  readonly dryRun: boolean;
  /** Take the lock also where its holder may be alive. */
  readonly breakLock: boolean;
  /** Wait for who holds it. */
  readonly waitLock?: LockWait | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MatchEvent) => void;
}
