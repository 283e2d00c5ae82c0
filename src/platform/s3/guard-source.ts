/** A source whose every request goes through the guards. */

import { createGuard, type GuardSettings } from '#platform/guard/guard.js';
import type { Guard } from '#platform/guard/request.js';
import type { Source } from './port.js';

/** Listings are retried; gets are not, see `createGuard`. */
export function guardSource(source: Source, settings: GuardSettings): Source {
  return throughGuard(source, createGuard(settings));
}

/** A listing is whole once it is there; of an object the body follows. */
export function throughGuard(source: Source, guard: Guard): Source {
  return {
    identity: source.identity,
    list: (prefix, options) =>
      guard.whole({
        verb: 'LIST',
        name: prefix,
        signal: options?.signal,
        ask: (signal) => source.list(prefix, { signal }),
      }),
    get: (key, options) =>
      guard.streamed({
        verb: 'GET',
        name: key,
        signal: options?.signal,
        ask: (signal) => source.get(key, { ...options, signal }),
      }),
    close: () => source.close(),
  };
}
