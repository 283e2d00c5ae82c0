/**
 * A sandbox of Alpaca's quotes in a worker thread, so that this thread is free to import from it. Only from the
 * compiled package.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { packageFile } from '#platform/package-file.js';
import { ALPACA_KEYS, type AlpacaOptions, type RunningAlpaca } from './options.js';

export async function startAlpacaInWorker(
  options: Omit<AlpacaOptions, 'clock'>,
): Promise<Omit<RunningAlpaca, 'requests'>> {
  const worker = new Worker(packageFile('#sandbox/alpaca/worker.js'), {
    workerData: options,
    env: {},
    execArgv: [],
  });
  const exited = once(worker, 'exit');
  exited.catch(() => undefined);
  const [url]: unknown[] = await once(worker, 'message');
  return {
    url: String(url),
    keys: ALPACA_KEYS,
    close: async () => {
      worker.postMessage('close');
      await exited;
    },
  };
}
