/**
 * Counts what really went over the wire: put innermost, below retry, it counts every attempt. A listing counts as one
 * request (a month fits into one page); bytes are those of bodies as they arrive, also of bodies that break later.
 */

import type { Source } from '#vendors/flatfiles/port.js';
import { observeBody } from './body.js';

export interface WireCounters {
  list: number;
  get: number;
  bytesDownloaded: number;
}

export function createCounters(): WireCounters {
  return { list: 0, get: 0, bytesDownloaded: 0 };
}

/** Adds to `counters`, which belong to the caller and may be read at any time. */
export function withCounting(source: Source, counters: WireCounters): Source {
  const onChunk = (bytes: number) => {
    counters.bytesDownloaded += bytes;
  };
  return {
    identity: source.identity,
    list: (prefix, options) => {
      counters.list += 1;
      return source.list(prefix, options);
    },
    get: async (key, options) => {
      counters.get += 1;
      return observeBody(await source.get(key, options), { onChunk });
    },
    close: () => source.close(),
  };
}
