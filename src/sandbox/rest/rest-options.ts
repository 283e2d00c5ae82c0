/** What the REST side of a sandbox is started with, can be changed to, and tells of its requests. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FaultKind } from '#sandbox/faults/faults.js';
import type { RestType } from './rest-types.js';

/** So many requests in any `windowMs`, refused ones counted. */
export interface RestRate {
  readonly requests: number;
  /** Default 60,000. */
  readonly windowMs?: number;
  /** What a refusal says of the wait. Default `seconds`. Whatever it says, every third has no body. */
  readonly retryAfter?: 'seconds' | 'date' | 'none';
}

export interface RestOptions {
  /** Default SANDBOX_REST_KEY. */
  readonly apiKey?: string;
  /** Types that are not in the plan: 403. Default none. */
  readonly deniedTypes?: readonly RestType[];
  /** Date ranges that begin before this day: 403, "doesn't include this data timeframe". Default: none. */
  readonly earliest?: IsoDay;
  /** Default: no limit. */
  readonly rate?: RestRate;
  /** Whether answers say DELAYED in the place of OK. Default false. */
  readonly delayed?: boolean;
  /** Before each answer, for benchmarks. Default 0. */
  readonly latencyMs?: number;
}

export interface RestRequestRecord {
  /** Undefined for a path that is none of the vendor's. */
  readonly type: RestType | undefined;
  readonly path: string;
  /** As it was sent, without a key; a cursor is shown as the query that it holds. */
  readonly query: string;
  readonly status: number;
  readonly fault: FaultKind | undefined;
}

export interface RestLog {
  readonly requests: number;
  readonly byType: Readonly<Partial<Record<RestType, number>>>;
  /** Bytes of bodies that were to be sent. */
  readonly bytes: number;
  /** The first 20,000 in the order of their arrival. */
  readonly records: readonly RestRequestRecord[];
}
