/** What can go wrong with a request, as one class with a kind that the rest of the program decides by. */

export type SourceErrorKind =
  /** 404: the object or bucket is not there. */
  | 'not-found'
  /** 403 although the keys are good: they may not read this. */
  | 'denied'
  /** The keys are unknown, expired or sign wrongly, or there are none. */
  | 'unauthenticated'
  /** The request's date is too far from the server's clock; the next is dated by that clock. */
  | 'skewed'
  /** 412: the object is not the one that was asked for any more. */
  | 'changed'
  /** 429 or 503: asked to slow down. */
  | 'throttled'
  /** Another 5xx, or an answer that makes no sense. */
  | 'server'
  /** No connection, a broken one, a stall, a drip. */
  | 'network'
  /** Arrived, and is not what it should be: its length, its hash, its contents. */
  | 'damaged'
  /** Settings that can never work (no such bucket, an endpoint that knows nothing of the request). */
  | 'configuration';

export class SourceError extends Error {
  readonly kind: SourceErrorKind;
  /** HTTP status where there was one. */
  readonly status: number | undefined;
  /** The wait that the server asked for, in ms. */
  readonly retryAfterMs: number | undefined;
  /** Asking again in this run is of no use, although it may be later. */
  readonly final: boolean;

  constructor(
    kind: SourceErrorKind,
    message: string,
    details: {
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly final?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SourceError';
    this.kind = kind;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.final = details.final ?? false;
  }
}

/** Whether asking again, unchanged, may help. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof SourceError &&
    (error.kind === 'throttled' ||
      error.kind === 'skewed' ||
      error.kind === 'server' ||
      error.kind === 'network' ||
      error.kind === 'damaged')
  );
}
