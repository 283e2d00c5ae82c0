/** The worker thread of a sandbox of Alpaca's quotes: it serves until it is ordered to close. */
import { parentPort, workerData } from 'node:worker_threads';
import type { AlpacaOptions } from './options.js';
import { startAlpaca } from './start.js';

const alpaca = await startAlpaca({
  ...(workerData as Omit<AlpacaOptions, 'clock'>),
  clock: () => Date.now(),
});
parentPort?.on('message', () => {
  void alpaca.close().then(() => parentPort?.close());
});
parentPort?.postMessage(alpaca.url);
