/** The embedded sandbox's REST API, in a worker thread of this process. */
import { UsageError } from '#cli/usage-error.js';
import { DEFAULT_TICKERS, SANDBOX_REST_KEY } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { MOST_TICKERS } from './sandbox-market.js';

export interface SandboxRest {
  readonly endpoint: string;
  readonly key: string;
  /** The port is another one each time; the market is the same. RFC 2606: it names no host. */
  readonly source: string;
  readonly close: () => Promise<void>;
}

/** Throws UsageError. */
export async function sandboxRest(size: unknown, now: Date): Promise<SandboxRest> {
  const tickers = size === undefined ? DEFAULT_TICKERS : Number(size);
  if (!Number.isInteger(tickers) || tickers < 1 || tickers > MOST_TICKERS)
    throw new UsageError(
      `--sandbox-tickers must be a number from 1 to ${MOST_TICKERS}, not ${String(size)}.`,
    );
  const running = await startSandbox({ now, tickers, inWorker: true });
  return {
    endpoint: running.restEndpoint,
    key: SANDBOX_REST_KEY,
    source: `http://sandbox.invalid/${tickers}-tickers`,
    close: () => running.close(),
  };
}
