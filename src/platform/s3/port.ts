/**
 * The port through which objects are read: the vendor's, and those of the user's own store. S3, a folder that
 * mirrors the bucket and the sandbox stand behind it; retry, throttling, rate limit and watchdog stand round its requests
 * (guard-source.ts). One conformance suite (test/vendors/flatfiles/conformance.ts) holds all of them to this
 * comment.
 *
 * A source neither retries nor verifies by itself, and never invents a value: what the other side did not say
 * is undefined.
 */

import type { MeasuredStream } from '#platform/guard/collect.js';
import type { SourceIdentity } from '#platform/source-identity.js';

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  /** Bytes of the object as stored (compressed). */
  readonly size: number;
  /**
   * Opaque version mark, without quotes or surrounding white space; the MD5 in hex where it has no "-N"
   * suffix.
   */
  readonly etag: string | undefined;
  readonly lastModified: Date | undefined;
}

/** One object on its way. */
export interface ObjectStream extends MeasuredStream {
  readonly etag: string | undefined;
  readonly lastModified: Date | undefined;
  /**
   * Rejects with a SourceError (kind 'network') when the transfer breaks; a short body without an error is
   * possible.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface GetOptions {
  readonly signal?: AbortSignal | undefined;
  /** First byte wanted (0-based). */
  readonly start?: number | undefined;
  /** Behind the last byte wanted, above `start`; without it, all that follows. */
  readonly end?: number | undefined;
  /** Refuse (SourceError 'changed') unless the object still has this ETag. */
  readonly ifMatch?: string | undefined;
}

export interface Source {
  /**
   * Where the data comes from; recorded in progress.json, so that a folder is not filled from two sources.
   */
  readonly identity: SourceIdentity;
  /**
   * Every object under `prefix`, all pages, in the order of the keys' UTF-8 bytes. An unknown prefix is an
   * empty list.
   */
  list(
    prefix: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ListedObject[]>;
  get(key: string, options?: GetOptions): Promise<ObjectStream>;
  /** Ends idle connections. Idempotent. */
  close(): void;
}
