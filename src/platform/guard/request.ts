/**
 * What the guards stand round: one request, of whatever kind, given to them as plain data. A guard takes
 * another (or none, `unguarded`) and is one itself, so each is readable and testable alone. Nothing here
 * knows what is asked for: day files, pages of JSON.
 */

/**
 * An answer whose body still follows. `body` must be consumed or `cancel()` called; otherwise the connection
 * leaks.
 */
export interface BodyStream {
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

export interface GuardedRequest<T> {
  /** As it is counted and named in messages: `GET <name>`. */
  readonly verb: 'LIST' | 'GET';
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  /** Asks once. Rejects with a SourceError, whose kind the guards judge by, or with the signal's reason. */
  readonly ask: (signal: AbortSignal | undefined) => Promise<T>;
}

export interface Guard {
  /** For an answer that is whole once it is there. */
  whole<T>(request: GuardedRequest<T>): Promise<T>;
  /** For one whose body follows: the guard stays with it until it has ended. */
  streamed<T extends BodyStream>(request: GuardedRequest<T>): Promise<T>;
}

export const unguarded: Guard = {
  whole: ({ ask, signal }) => ask(signal),
  streamed: ({ ask, signal }) => ask(signal),
};
