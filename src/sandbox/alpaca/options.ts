/** What a sandbox of Alpaca's quotes is started with, and what a running one offers. */
import type { FaultPlan } from '#sandbox/faults/faults.js';

export interface AlpacaOptions {
  /** The instant that stands still: nothing is known of what comes after it. */
  readonly now: Date;
  /** Default 1. Another seed is another market. */
  readonly seed?: number;
  /** Default 127.0.0.1, and 0: any free port. */
  readonly host?: string;
  readonly port?: number;
  /** Quotes of AAPL on a usual day; other symbols have less. Default 37,000. */
  readonly quotesADay?: number;
  /** Of the plan. Default 10,000. */
  readonly requestsAMinute?: number;
  /** Each answer comes so much later. Default 0. */
  readonly latencyMs?: number;
  readonly faults?: FaultPlan;
  /** The real time, ms since the epoch: the minutes of the plan's rate go by it. */
  readonly clock: () => number;
}

export interface RunningAlpaca {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly keys: { readonly id: string; readonly secret: string };
  /** Asked so far. */
  requests(): Promise<number>;
  close(): Promise<void>;
}

/** Not a secret: they open nothing but a sandbox. */
export const ALPACA_KEYS = { id: 'BARLOOMSANDBOX', secret: 'barloom-sandbox-is-not-a-secret' } as const;

export const DEFAULT_QUOTES_A_DAY = 37_000;
export const DEFAULT_REQUESTS_A_MINUTE = 10_000;
