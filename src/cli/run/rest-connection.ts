/** What fetch asks the REST API through, from settings. Nothing is asked before it is opened. */
import { debuglog } from 'node:util';
import type { Invocation } from '#cli/invocation.js';
import { createCounters } from '#platform/guard/counting.js';
import { createGuard, DEFAULT_RETRY, DEFAULT_WATCHDOG } from '#platform/guard/guard.js';
import type { RetryPolicy } from '#platform/guard/retry.js';
import { sleep } from '#platform/http/sleep.js';
import { SourceError } from '#platform/http/source-error.js';
import { normalizeEndpoint } from '#vendors/keys/endpoint.js';
import { findRestKey, noRestKey } from '#vendors/keys/rest-key.js';
import { type RestClient, restClient } from '#vendors/rest/client.js';
import { openTransport } from '#vendors/rest/transport.js';
import type { CommandContext } from './context.js';
import { warnOfPlainHttp } from './plain-http.js';
import { proxyFor } from './proxy.js';

/** Source: https://massive.com/docs/rest. */
const DEFAULT_REST_ENDPOINT = 'https://api.massive.com';

export interface RestConnection {
  /** At most once. Throws SourceError without a key. */
  readonly open: () => Promise<{ readonly client: RestClient; readonly source: string }>;
  /** Requests so far, as they were sent; bytes of bodies as they came. */
  readonly counted: () => { readonly requests: number; readonly retried: number; readonly bytes: number };
  /** Requests a second; undefined: no limit. */
  readonly perSecond: number | undefined;
  readonly close: () => Promise<void>;
}

/** On plans that allow few requests a minute a refusal means: this minute. */
const REST_OF_THE_MINUTE_MS = 61_000;
const FEW_A_SECOND = 1;

/** `concurrency`: requests at once. Throws UsageError, or SourceError for an endpoint that can be none. */
export function openRest(
  { settings, now, sandbox }: CommandContext,
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  concurrency: number,
): RestConnection {
  const counters = createCounters();
  const perSecond = settings.rate('rateLimit');
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
  const guard = createGuard({
    retry,
    maxConcurrency: concurrency,
    rateLimit: perSecond,
    bandwidth: settings.bytes('bwlimit'),
    watchdog: DEFAULT_WATCHDOG,
    counters,
    now: environment.clock,
  });
  const connect = async (endpoint: string, key: string, proxy?: string): Promise<RestClient> =>
    restClient({
      transport: await openTransport({ endpoint, key, concurrency, proxy }),
      endpoint,
      guard,
      retry,
      quietWaitMs: perSecond !== undefined && perSecond < FEW_A_SECOND ? REST_OF_THE_MINUTE_MS : undefined,
    });
  let close = async (): Promise<void> => undefined;
  return {
    perSecond,
    counted: () => ({ requests: counters.get, retried, bytes: counters.bytesDownloaded }),
    close: () => close(),
    open: async () => {
      if (sandbox) {
        const { sandboxRest } = await import('./sandbox-rest.js');
        const running = await sandboxRest(flags['sandboxTickers'], now);
        close = running.close;
        const client = await connect(running.endpoint, running.key);
        return { client, source: running.source };
      }
      refuseToBeWatched();
      const endpoint = normalizeEndpoint(
        settings.text('restEndpoint') ?? environment.env['MASSIVE_API_URL'] ?? DEFAULT_REST_ENDPOINT,
      );
      const found = await findRestKey(environment);
      if (found === undefined) throw noRestKey(environment);
      warnOfPlainHttp(endpoint, environment);
      const client = await connect(endpoint, found.key, (await proxyFor(endpoint, environment))?.url);
      close = async () => client.close();
      return { client, source: endpoint };
    },
  };
}

/** Node's own tracing writes every header to stderr, the key in it. */
function refuseToBeWatched(): void {
  if (!debuglog('http').enabled && !debuglog('net').enabled) return;
  throw new SourceError(
    'configuration',
    'NODE_DEBUG makes Node write requests to stderr, the key in them: unset it, or leave http and net out of it.',
  );
}
