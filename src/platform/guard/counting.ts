/**
 * Counts the requests that were really made: put innermost, below retry, it counts every attempt. A listing
 * counts as one request (a month fits into one page); bytes are those of bodies as they arrive, also of
 * bodies that break later.
 */

import { observeBody } from './observe-body.js';
import type { Guard, GuardedRequest } from './request.js';

export interface RequestCounters {
  list: number;
  get: number;
  bytesDownloaded: number;
}

export function createCounters(): RequestCounters {
  return { list: 0, get: 0, bytesDownloaded: 0 };
}

/** Adds to `counters`, which belong to the caller and may be read at any time. */
export function withCounting(inner: Guard, counters: RequestCounters): Guard {
  const count = ({ verb }: Pick<GuardedRequest<unknown>, 'verb'>) => {
    if (verb === 'LIST') counters.list += 1;
    else counters.get += 1;
  };
  const onChunk = (bytes: number) => {
    counters.bytesDownloaded += bytes;
  };
  return {
    whole: (request) => {
      count(request);
      return inner.whole(request);
    },
    streamed: async (request) => {
      count(request);
      return observeBody(await inner.streamed(request), { onChunk });
    },
  };
}
