/** Starts the REST side of a sandbox. Its market is made when something is asked of it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FaultPlan } from '#sandbox/faults/faults.js';
import type { Endpoint } from './endpoint.js';
import { createEndpoints } from './endpoints.js';
import { createRestMarket } from './rest-market.js';
import type { RestLog, RestOptions } from './rest-options.js';
import { createRestServer } from './rest-server.js';
import type { RestType } from './rest-types.js';

export interface RestStart {
  readonly seed: number;
  readonly tickers: number;
  readonly now: Date;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string;
  readonly options: RestOptions;
  readonly faults: FaultPlan | undefined;
}

export interface RunningRest {
  readonly endpoint: string;
  requests(): RestLog;
  setOptions(options: RestOptions): void;
  setNow(now: Date): void;
  setFaults(plan: FaultPlan | undefined): void;
  close(): Promise<void>;
}

export async function startRest(start: RestStart): Promise<RunningRest> {
  const { seed, tickers, host, apiKey, options, faults } = start;
  let now = start.now;
  let endpoints: ((type: RestType) => Endpoint) | undefined;
  const server = createRestServer({
    endpoint(type) {
      endpoints ??= createEndpoints(createRestMarket(seed, tickers, () => now));
      return endpoints(type);
    },
    ...{ apiKey, options, faults },
  });
  server.http.listen(start.port, host);
  await once(server.http, 'listening');
  const { port } = server.http.address() as AddressInfo;
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    requests: () => server.log.snapshot(),
    setOptions: (given) => server.setOptions(given),
    setNow(instant) {
      now = instant;
    },
    setFaults: (plan) => server.setFaults(plan),
    close: () =>
      new Promise((resolve) => {
        server.http.close(() => resolve());
        server.http.closeAllConnections();
      }),
  };
}
