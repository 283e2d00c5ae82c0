/**
 * What a sandbox is started with, and what a running one offers. The same for one in this thread and one in a
 * worker thread.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import type { FaultPlan } from '#sandbox/faults/faults.js';
import type { RestLog, RestOptions } from '#sandbox/rest/rest-options.js';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Days from `start` to `end`, both included; without `start`, all before. */
export interface DayRange {
  readonly start?: IsoDay;
  readonly end: IsoDay;
}

export interface SandboxOptions {
  /** The sandbox's instant, which stands still: what is published and what is pending follows from it. */
  readonly now: Date;
  /** Default 1. Another seed is another market. */
  readonly seed?: number;
  /**
   * About how many instruments trade on a day. Default 11,500; never fewer than the hundred that break
   * careless programs.
   */
  readonly tickers?: number;
  /** Sessions that the vendor lacks for good: not listed, 404. Default 2022-03-15. */
  readonly missing?: readonly IsoDay[];
  /** Days that are listed and answer 403. Default: all that are more than five years before today. */
  readonly denied?: readonly DayRange[];
  /**
   * Key prefixes of datasets that are not in the plan, listed and answered with 403:
   * `us_options_opra/trades_v1`. Default none.
   */
  readonly deniedDatasets?: readonly string[];
  /**
   * The newest sessions have files of the vendor's sizes, in every dataset but those that are so anyway.
   * Default false.
   */
  readonly trueSizes?: boolean;
  /** How many sessions. Each takes seconds to make, when it is first listed or fetched. Default 1. */
  readonly trueDays?: number;
  /**
   * Rows of a day of trades or quotes at its true size, which would be hundreds of millions. Default
   * 2,000,000.
   */
  readonly trueRows?: number;
  /**
   * A folder for what is too large for memory, which is removed on `close`. Default: the system's temporary
   * folder.
   */
  readonly tempDir?: string;
  /** What GET says for a session that is not published yet. Default 404. */
  readonly pendingStatus?: 403 | 404;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default `flatfiles`. */
  readonly bucket?: string;
  /** Default SANDBOX_CREDENTIALS. */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Most keys on a page of a listing. Default 1,000. */
  readonly pageSize?: number;
  /** Bytes of compressed days kept in memory; the others are made again when asked for. Default 96 MiB. */
  readonly cacheBytes?: number;
  /** Of both servers: a REST answer has a path for a key, and counts as a `get`. */
  readonly faults?: FaultPlan;
  /** The REST API's plan and limits. Default: everything, at once. */
  readonly rest?: RestOptions;
  /** Default 0: any free one. */
  readonly restPort?: number;
  /** Objects by key, besides the market's or in the place of one of its days. */
  readonly objects?: ReadonlyMap<string, Uint8Array>;
  /**
   * The real time, against which signatures are dated (15 minutes either way); without it their date is not
   * checked. Not for a worker, which has a clock of its own.
   */
  readonly clock?: () => Date;
  /** Serve from a worker thread, so that this thread is free to download. Only from the compiled package. */
  readonly inWorker?: boolean;
}

/**
 * What takes an object's place: the same text compressed anew, a text with some rows changed (AAPL's among
 * them), added and removed, or these bytes as they are.
 */
export type Replacement = 'recompressed' | 'corrected' | Uint8Array;

export interface RequestRecord {
  readonly operation: 'list' | 'get' | 'head' | 'other';
  /** A list's prefix. */
  readonly key: string;
  /** Before the fault, if there was one. */
  readonly status: number;
  /** The kind of fault that it was given, if any. */
  readonly fault: string | undefined;
}

export interface RequestLog {
  readonly lists: number;
  readonly gets: number;
  readonly heads: number;
  /** Number of GETs a key. */
  readonly getsByKey: Readonly<Record<string, number>>;
  /** Bytes of bodies that were to be sent. */
  readonly bytes: number;
  /** The first 20,000 requests in the order of their arrival. */
  readonly records: readonly RequestRecord[];
}

export interface RunningSandbox {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: Credentials;
  /** The REST API's base URL, without a slash at the end. Its key is `rest.apiKey`, else SANDBOX_REST_KEY. */
  readonly restEndpoint: string;
  readonly identity: SourceIdentity;
  /** Tickers that a first run can track. */
  readonly tickerList: readonly string[];
  /** A copy of what was asked so far. */
  requests(): Promise<RequestLog>;
  /**
   * In force when it resolves. The new object has another ETag and a later LastModified (or the one given).
   * RangeError for an unknown key.
   */
  replace(key: string, replacement: Replacement, lastModified?: Date): Promise<void>;
  /** From then on neither listed nor found. */
  remove(key: string): Promise<void>;
  /** undefined: no more faults. Attempts are counted anew. */
  setFaults(plan: FaultPlan | undefined): Promise<void>;
  /** A copy of what the REST API was asked so far. */
  restRequests(): Promise<RestLog>;
  /** Another plan, limits and latency of the REST API, instead of those before; the key stays. */
  setRest(options: RestOptions): Promise<void>;
  /**
   * Moves the REST API's instant: later, it knows filings, edits and announcements that it did not, and has
   * forgotten what was taken back. The day files' stays as it was.
   */
  setRestNow(now: Date): Promise<void>;
  /** Ends all connections at once and leaves no handle. Idempotent. */
  close(): Promise<void>;
}

/** Not a secret: they open nothing but a sandbox. */
export const SANDBOX_CREDENTIALS: Credentials = {
  accessKeyId: 'BARLOOMSANDBOX',
  secretAccessKey: 'barloom-sandbox-is-not-a-secret',
};

/** As little of a secret. */
export const SANDBOX_REST_KEY = 'barloom_sandbox_rest_key_is_not_a_secret';

export const DEFAULT_MISSING: readonly IsoDay[] = ['2022-03-15'];
export const DEFAULT_TICKERS = 11_500;
export const DEFAULT_TRUE_ROWS = 2_000_000;
