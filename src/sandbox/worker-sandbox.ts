/**
 * A sandbox in a worker thread, steered by messages, for when this thread's event loop is busy downloading
 * from it. Knows nothing of servers: it hands on orders and waits for their answers, one after the other.
 */
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { packageFile } from '#platform/package-file.js';
import { SANDBOX_TICKERS } from '#sandbox/market/ticker-list.js';
import type { RunningSandbox, SandboxOptions } from './options.js';
import { thrownAgain, type WorkerOptions, type WorkerOrder, type WorkerReport } from './worker-messages.js';

/** Rejects with the worker's own error: a port in use, a fault whose `keys` is a function. */
export async function startWorkerSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { clock: _clock, inWorker: _inWorker, ...given } = options;
  const workerData = { tempDir: tmpdir(), ...given } satisfies WorkerOptions;
  // No flags of the main thread's and no environment: a worker needs neither, and secrets have no business
  // there.
  const worker = new Worker(packageFile('#sandbox/worker.js'), {
    workerData,
    env: {},
    execArgv: [],
  });
  const exited = once(worker, 'exit');
  exited.catch(() => undefined);
  const waiting: { resolve(report: WorkerReport): void; reject(error: unknown): void }[] = [];
  let failure: unknown;

  function giveUp(error: unknown): void {
    failure ??= error;
    for (const one of waiting.splice(0)) one.reject(failure);
  }

  worker.on('message', (report: WorkerReport) => {
    const one = waiting.shift();
    if (report.report === 'failed') one?.reject(thrownAgain(report.error));
    else one?.resolve(report);
  });
  worker.on('error', giveUp);
  worker.on('exit', () => giveUp(new Error('the sandbox has been closed')));

  function nextReport(): Promise<WorkerReport> {
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  }

  async function send(order: WorkerOrder): Promise<WorkerReport> {
    // Posted first: an order that cannot be copied throws here, and must not wait for an answer.
    worker.postMessage(order);
    return nextReport();
  }

  const ready = await nextReport().catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  if (ready.report !== 'ready') throw new Error(`the sandbox's worker began with "${ready.report}"`);
  const { endpoint, bucket, credentials, restEndpoint } = ready;
  let closed: Promise<void> | undefined;

  async function shutDown(): Promise<void> {
    if (failure !== undefined) return;
    // Its last word may be lost when it exits; that it exits is what counts.
    await send({ order: 'close' }).catch(() => undefined);
    await exited;
  }

  return {
    ...{ endpoint, bucket, credentials, restEndpoint },
    identity: { endpoint, bucket },
    tickerList: SANDBOX_TICKERS,
    async requests() {
      const report = await send({ order: 'requests' });
      if (report.report !== 'done' || report.requests === undefined)
        throw new Error('no request log from the sandbox');
      return report.requests;
    },
    async replace(key, replacement, lastModified) {
      await send({ order: 'replace', key, replacement, ...(lastModified && { lastModified }) });
    },
    async remove(key) {
      await send({ order: 'remove', key });
    },
    async setFaults(plan) {
      await send({ order: 'faults', plan });
    },
    async restRequests() {
      const report = await send({ order: 'rest-requests' });
      if (report.report !== 'done' || report.restRequests === undefined)
        throw new Error("no log of the sandbox's REST requests");
      return report.restRequests;
    },
    async setRest(options) {
      await send({ order: 'rest', options });
    },
    async setRestNow(now) {
      await send({ order: 'rest-now', now });
    },
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
}
