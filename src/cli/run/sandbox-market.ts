/**
 * The embedded sandbox behind `--sandbox`: an S3 server in a worker thread of this process, and a source that
 * talks to it.
 */

import type { Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import type { RequestCounters } from '#platform/guard/counting.js';
import type { RetryPolicy } from '#platform/guard/retry.js';
import { guardSource } from '#platform/s3/guard-source.js';
import type { Source } from '#platform/s3/port.js';
import { DEFAULT_TICKERS, type RunningSandbox } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';

const WATCHDOG = { headersMs: 60_000, stallMs: 30_000, minBytesPerSecond: 1000, windowMs: 30_000 } as const;

export interface SandboxMarket {
  readonly open: () => Promise<Source>;
  readonly close: () => Promise<void>;
}

/** A market of so many takes a few seconds to invent; beyond that there is nothing to learn. */
export const MOST_TICKERS = 30_000;

/**
 * The server is started when the source is opened: a run that asks nothing of it costs nothing. Throws
 * UsageError.
 */
export function sandboxMarket(
  size: unknown,
  now: Date,
  connection: {
    readonly counters: RequestCounters;
    readonly retry: RetryPolicy;
    readonly concurrency: number;
  },
  settings: Settings,
): SandboxMarket {
  const tickers = size === undefined ? DEFAULT_TICKERS : Number(size);
  if (!Number.isInteger(tickers) || tickers < 1 || tickers > MOST_TICKERS) {
    throw new UsageError(
      `--sandbox-tickers must be a number from 1 to ${MOST_TICKERS}, not ${String(size)}.`,
    );
  }
  const rateLimit = settings.rate('rateLimit');
  let running: RunningSandbox | undefined;
  return {
    open: async () => {
      running = await startSandbox({ now, tickers, inWorker: true });
      const { openSource } = await import('#vendors/flatfiles/open-source.js');
      const { endpoint, bucket, credentials } = running;
      const opened = await openSource({ endpoint, bucket, credentials, concurrency: connection.concurrency });
      // The port is another one each time; the market is the same. A URL, as identities are compared by; RFC
      // 2606: it names no host.
      const source: Source = {
        ...opened,
        identity: { endpoint: `http://sandbox.invalid/${tickers}-tickers`, bucket },
      };
      return guardSource(source, {
        retry: connection.retry,
        maxConcurrency: connection.concurrency,
        rateLimit,
        bandwidth: settings.bytes('bwlimit'),
        watchdog: WATCHDOG,
        counters: connection.counters,
        now: () => performance.now(),
      });
    },
    close: async () => running?.close(),
  };
}
