/** What a run of matching found, counted. */

export interface MatchSummary {
  /** Of the run, ISO 8601. */
  readonly at: string;
  readonly instruments: number;
  readonly matched: number;
  /** Price files of the archive; those that lie in several folders; those that instruments matched. */
  readonly archive_files: number;
  readonly doubles: number;
  readonly tickers: number;
  readonly by_market: readonly MarketCount[];
  readonly by_strategy: Readonly<Record<string, number>>;
  readonly by_confidence: Readonly<Record<string, number>>;
  readonly by_reason: Readonly<Record<string, number>>;
  readonly by_data_status: Readonly<Record<string, number>>;
  readonly by_currency_status: Readonly<Record<string, number>>;
}

export interface MarketCount {
  readonly market: string;
  readonly instruments: number;
  readonly matched: number;
}
