/** Everything that can be wrong with an answer, by name, and the operations that each can strike. */

export type FaultOperation = 'list' | 'get' | 'head';

export const KINDS = {
  /** RST in the middle of the body. */
  reset: ['list', 'get'],
  /** A proper end of the connection in the middle of the body, shorter than its Content-Length. */
  fin: ['list', 'get'],
  /** Chunked encoding without its last chunk. */
  cut: ['list', 'get'],
  /** Neither Content-Length nor chunks; the connection's end looks like the body's. */
  'close-cut': ['list', 'get'],
  /** The connection ends where an answer should begin. */
  'hang-up': ['list', 'get', 'head'],
  /** Headers, half of the body, then silence. */
  stall: ['list', 'get'],
  /** The request is taken, and nothing follows. */
  'stall-head': ['list', 'get', 'head'],
  /** The body in pieces of 16 bytes, four a second. */
  drip: ['list', 'get'],
  /** Chunks for ever, as fast as they are read; a listing's are white space, so that it stays XML. */
  endless: ['list', 'get'],
  /** Headers that no HTTP parser can take: one of five ways. */
  garbled: ['list', 'get'],
  /** The whole answer in chunks, without Content-Length, ETag and Last-Modified. Harmless. */
  bare: ['list', 'get'],
  /** 503 SlowDown. */
  slowdown503: ['list', 'get', 'head'],
  /** 503 SlowDown with Retry-After: 1. */
  'slowdown503-retry-after': ['list', 'get', 'head'],
  /** 503 SlowDown with a Retry-After that is an HTTP date, a second or two ahead. */
  'slowdown503-date': ['list', 'get', 'head'],
  /** 503 SlowDown with a Retry-After that is no wait at all: negative, long past, words, nothing. */
  'slowdown503-nonsense': ['list', 'get', 'head'],
  /** 503 SlowDown with Retry-After: 86400. */
  'slowdown503-tomorrow': ['list', 'get', 'head'],
  error500: ['list', 'get', 'head'],
  /** 502 with a gateway's HTML. */
  gateway502: ['list', 'get', 'head'],
  /** 429 with Retry-After: 1. */
  'too-many429': ['list', 'get', 'head'],
  /** 200 with an error's XML. */
  error200: ['list', 'get'],
  /** 301 and 307 to another server. */
  redirect301: ['list', 'get', 'head'],
  redirect307: ['list', 'get', 'head'],
  /** A Content-Length that is too short, and a body to fit it. */
  'short-length': ['get'],
  /** A Content-Length that is too long; the connection ends after the true body. */
  'long-length': ['get'],
  /** One bit of one byte. */
  flip: ['get'],
  /** A sound gzip of the same length, with one digit of its text changed: only the MD5 shows it. */
  forged: ['get'],
  /**
   * A gzip that ends exactly between two members, with a Content-Length to fit: a valid gzip of less than the
   * day. Where the object is one member, its text is compressed as two first.
   */
  'member-cut': ['get'],
  /** 64 bytes behind the gzip, with a Content-Length to fit. */
  garbage: ['get'],
  /** 64 zero bytes behind the gzip, which gunzip takes for padding. */
  padding: ['get'],
  /** 200 with a login page. */
  html200: ['list', 'get'],
  /** 403 AccessDenied, which is what a day outside of the plan answers. */
  denied403: ['list', 'get', 'head'],
  /** 404 for an object that is listed. */
  gone404: ['get', 'head'],
  /**
   * The object is compressed anew just before it is sent: other bytes, ETag and size than listed, the same
   * text.
   */
  replaced: ['get'],
  /** In a listing, ETags with a newline behind the quotes; of an object, a weak one. Harmless. */
  'odd-etag': ['list', 'get', 'head'],
  /** An ETag of a multipart upload, which is no MD5. Harmless. */
  'multipart-etag': ['list', 'get', 'head'],
  /** 403 RequestTimeTooSkewed. */
  skew403: ['list', 'get', 'head'],
  /** 403 ExpiredToken. */
  expired403: ['list', 'get', 'head'],
  /** The listing's XML ends in its middle, with a Content-Length to fit. */
  'truncated-list': ['list'],
  /** More pages announced, and always the same token to them. */
  'list-loop': ['list'],
  /** More pages announced, with a new token each time, and the same keys again. */
  'list-endless': ['list'],
  /** More pages announced, and no token. */
  'list-no-token': ['list'],
  /** Every key twice. Harmless. */
  'list-doubles': ['list'],
  /** Keys that are not below the prefix, or no day's. Harmless. */
  'list-foreign': ['list'],
  /** The keys backwards. Harmless. */
  'list-unsorted': ['list'],
  /** Half of the keys, with a KeyCount to fit: which looks like days that are not there. */
  'list-lacking': ['list'],
  /** Sizes of a billion bytes. */
  'list-huge': ['list'],
  /** Sizes that are no number of bytes. */
  'list-no-size': ['list'],
} as const satisfies Record<string, readonly FaultOperation[]>;
