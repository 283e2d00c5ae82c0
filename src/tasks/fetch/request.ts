/** What a fetch is asked to do, and with what. */
import type { FetchEvent } from '#ingest/tables/events.js';
import type { TableWish } from '#ingest/tables/plan-table.js';
import type { TableType } from '#market/tables/table-type.js';
import type { RestClient } from '#vendors/rest/client.js';

export type Universe = 'common' | 'all' | 'tracked';

export interface FetchRequest {
  /** In the order of TABLES. */
  readonly types: readonly TableType[];
  readonly wish: TableWish;
  /** Over which tickers those types go that are had one ticker at a time. */
  readonly universe: Universe;
  /** The tickers of the user's lists. */
  readonly tracked: readonly string[];
  readonly workers: number;
  readonly batchSize: number;
  /** From 1; those before it are left out. */
  readonly startBatch: number;
  /** What the records come from: a folder is not filled from two sources. */
  readonly source: string;
  readonly adoptSource: boolean;
  /** Whether types that go ticker by ticker are left out where no ticker is named. */
  readonly withoutSlow?: boolean;
  /** Nothing but these windows and tickers, by type. */
  readonly only?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether types that are compared once a week are compared now. */
  readonly weekly?: boolean;
}

export interface FetchTools {
  readonly client: RestClient;
  readonly now: () => Date;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly hear: (event: FetchEvent) => void;
}
