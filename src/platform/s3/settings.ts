/** What a client of an S3 server is made with. */

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface S3Settings {
  /** A URL: scheme, host and port, and a path where the server has one. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly credentials: KeyPair;
  /** How many requests may be under way at once; sizes the pool of kept-alive connections. */
  readonly concurrency: number;
  /**
   * URL of the HTTP proxy that the endpoint is reached through, with user and password where it asks for
   * them.
   */
  readonly proxy?: string | undefined;
  /** Objects per page of a listing; the server's own limit (1000) where undefined. */
  readonly pageSize?: number | undefined;
  /**
   * Told once, where this computer's clock is minutes from the server's: how far the server's is ahead, in
   * ms.
   */
  readonly onClockOff?: ((aheadMs: number) => void) | undefined;
}
