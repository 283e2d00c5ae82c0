/** Alpaca as settings and environment have it: keys, URL, guards; or the sandbox's, for whom it needs none. */
import type { Invocation } from '#cli/invocation.js';
import { createCounters } from '#platform/guard/counting.js';
import { DEFAULT_RETRY, DEFAULT_WATCHDOG } from '#platform/guard/guard.js';
import { sleep } from '#platform/http/sleep.js';
import { type AlpacaClient, openAlpaca } from '#vendors/alpaca/client.js';
import { findAlpacaKeys } from '#vendors/alpaca/keys.js';
import { alpacaUrl } from '#vendors/alpaca/url.js';
import type { CommandContext } from './context.js';
import { warnOfPlainHttp } from './plain-http.js';
import { proxyFor } from './proxy.js';

export interface Alpaca {
  readonly client: AlpacaClient;
  /** The same for the same data, whatever its port. */
  readonly identity: string;
  close(): Promise<void>;
}

/** Throws SourceError without keys or with a wrong URL. `most`: requests at once. */
export async function openAlpacaOf(
  { settings, sandbox, now }: Pick<CommandContext, 'settings' | 'sandbox' | 'now'>,
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  most: number,
): Promise<Alpaca> {
  const running = sandbox
    ? await (await import('#sandbox/alpaca/start-in-worker.js')).startAlpacaInWorker({ now })
    : undefined;
  const given = flags['alpacaUrl'] ?? environment.env['APCA_API_DATA_URL'];
  const url = running?.url ?? alpacaUrl(given === undefined ? undefined : String(given));
  warnOfPlainHttp(url, environment);
  try {
    const client = await openAlpaca({
      url,
      keys: running?.keys ?? (await findAlpacaKeys(environment)),
      proxy: running === undefined ? (await proxyFor(url, environment))?.url : undefined,
      guard: {
        retry: { ...DEFAULT_RETRY, sleep, random: Math.random, signal: environment.signal },
        maxConcurrency: most,
        rateLimit: settings.rate('rateLimit'),
        watchdog: DEFAULT_WATCHDOG,
        counters: createCounters(),
        now: environment.clock,
      },
    });
    return {
      client,
      // RFC 2606: it names no host.
      identity: running === undefined ? url : 'http://sandbox.invalid/alpaca',
      close: async () => {
        client.close();
        await running?.close();
      },
    };
  } catch (error) {
    await running?.close();
    throw error;
  }
}
