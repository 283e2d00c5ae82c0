/** Starts a sandbox of Alpaca's quotes in this thread. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ALPACA_KEYS, type AlpacaOptions, type RunningAlpaca } from './options.js';
import { createAlpacaServer } from './server.js';

/** Resolves when it listens; rejects with the system's error where it cannot. */
export async function startAlpaca(options: AlpacaOptions): Promise<RunningAlpaca> {
  const { host = '127.0.0.1', port = 0 } = options;
  const { http, requests } = createAlpacaServer(options);
  http.listen(port, host);
  await once(http, 'listening');
  const { port: taken } = http.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    keys: ALPACA_KEYS,
    requests: async () => requests(),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
