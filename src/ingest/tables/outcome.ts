/** What a fetch did with a type: data, of which text, JSON and exit code are made. */

export interface FailedWindow {
  /** A window's name, or a ticker's. */
  readonly name: string;
  readonly error: string;
  /** `denied`: the plan; `network`: run again; `disk` is not here, for it ends the run. */
  readonly kind: 'denied' | 'network' | 'other';
}

export interface TypeOutcome {
  readonly type: string;
  /** Windows, and tickers that were asked for one by one. */
  planned: number;
  done: string[];
  rows: number;
  added: number;
  changed: number;
  gone: number;
  repeated: number;
  conflicting: number;
  undated: number;
  /** Why the vendor refuses the whole type. */
  denied: string | undefined;
  /** The older endpoint that was asked because the plan denies the newer: `vX`, `v3`. */
  endpoint: string | undefined;
  readonly failed: FailedWindow[];
  /** Fields that no column knows, and how many records had them. */
  unknownFields: Readonly<Record<string, number>>;
  /** Of tickers that were asked for by name. */
  readonly tickersDone: Set<string>;
  readonly tickersFailed: Map<string, { readonly error: string; readonly timestamp: string }>;
}

export function newOutcome(type: string): TypeOutcome {
  return {
    type,
    planned: 0,
    done: [],
    rows: 0,
    added: 0,
    changed: 0,
    gone: 0,
    repeated: 0,
    conflicting: 0,
    undated: 0,
    denied: undefined,
    endpoint: undefined,
    failed: [],
    unknownFields: {},
    tickersDone: new Set(),
    tickersFailed: new Map(),
  };
}
