/** What an S3 source is opened with. */
import type { KeyPair } from './profile.js';

export interface S3Settings {
  /** Normalized, see `normalizeEndpoint`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly credentials: KeyPair;
  /** How many requests may be under way at once; sizes the pool of kept-alive connections. */
  readonly concurrency: number;
  /** Objects per page of a listing; the server's own limit (1000) where undefined. */
  readonly pageSize?: number | undefined;
  /** Told once, where this computer's clock is minutes from the server's: how far the server's is ahead, in ms. */
  readonly onClockOff?: ((aheadMs: number) => void) | undefined;
}
