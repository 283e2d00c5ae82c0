/**
 * What a command asks the vendor through, from settings: the real one or the embedded sandbox. Nothing is
 * asked before it is opened.
 */

import type { Invocation } from '#cli/invocation.js';
import type { SourceReports } from '#ingest/run/request.js';
import { createCounters } from '#platform/guard/counting.js';
import { DEFAULT_RETRY } from '#platform/guard/guard.js';
import type { RetryPolicy } from '#platform/guard/retry.js';
import { sleep } from '#platform/http/sleep.js';
import type { Source } from '#platform/s3/port.js';
import type { CommandContext } from './context.js';
import { noKeys, vendorSettings } from './vendor-source.js';

export interface Connection {
  /** At most once. Throws SourceError without keys. */
  readonly openSource: (report?: SourceReports) => Promise<Source>;
  readonly retry: RetryPolicy;
  readonly concurrency: number;
  /** Requests so far, as they were sent; bytes of bodies. */
  readonly counted: () => {
    readonly list: number;
    readonly get: number;
    readonly retried: number;
    readonly bytes: number;
  };
  /** SourceError where there are no keys to ask the vendor with. */
  readonly missingKeys: Error | undefined;
  /** Ends an embedded sandbox. */
  readonly close: () => Promise<void>;
}

/** Throws UsageError, or SourceError where keys or endpoint are wrong rather than missing. */
export async function openConnection(
  { settings, now, sandbox }: CommandContext,
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
): Promise<Connection> {
  const counters = createCounters();
  const concurrency = settings.count('concurrency', 8);
  let retried = 0;
  const retry: RetryPolicy = {
    ...DEFAULT_RETRY,
    sleep,
    random: Math.random,
    signal: environment.signal,
    onRetry: () => {
      retried++;
    },
  };
  const parts = { counters, retry, concurrency };
  const common = {
    retry,
    concurrency,
    counted: () => ({ list: counters.list, get: counters.get, retried, bytes: counters.bytesDownloaded }),
  };
  if (sandbox) {
    const { sandboxMarket } = await import('./sandbox-market.js');
    const market = sandboxMarket(flags['sandboxTickers'], now, parts, settings);
    return { ...common, openSource: market.open, missingKeys: undefined, close: market.close };
  }
  const vendor = await vendorSettings(settings, environment, parts);
  return {
    ...common,
    openSource: vendor.open,
    missingKeys: vendor.hasKeys ? undefined : noKeys(settings.text('profile') ?? 'massive'),
    close: async () => undefined,
  };
}
