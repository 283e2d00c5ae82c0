/**
 * The worker thread of a sandbox: a process of its own in all but memory, hence the one place here that looks
 * at the clock. It serves until it is ordered to close.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { startLocalSandbox } from './start.js';
import { copyError, type WorkerOptions, type WorkerOrder, type WorkerReport } from './worker-messages.js';

const port = parentPort;
if (port === null) throw new Error('sandbox/worker.js runs only as a worker thread');
const say = (report: WorkerReport) => port.postMessage(report);

try {
  const options = workerData as WorkerOptions;
  const sandbox = await startLocalSandbox({ ...options, clock: () => new Date() });
  const { endpoint, bucket, credentials, restEndpoint } = sandbox;

  const carryOut = async (order: WorkerOrder): Promise<WorkerReport> => {
    switch (order.order) {
      case 'requests':
        return { report: 'done', requests: await sandbox.requests() };
      case 'replace':
        await sandbox.replace(order.key, order.replacement, order.lastModified);
        break;
      case 'remove':
        await sandbox.remove(order.key);
        break;
      case 'faults':
        await sandbox.setFaults(order.plan);
        break;
      case 'rest-requests':
        return { report: 'done', restRequests: await sandbox.restRequests() };
      case 'rest':
        await sandbox.setRest(order.options);
        break;
      case 'rest-now':
        await sandbox.setRestNow(order.now);
        break;
      case 'close':
        await sandbox.close();
    }
    return { report: 'done' };
  };

  let before = Promise.resolve();
  port.on('message', (order: WorkerOrder) => {
    before = before
      .then(() => carryOut(order))
      .then(say)
      .catch((error: unknown) => say({ report: 'failed', error: copyError(error) }))
      .then(() => {
        if (order.order === 'close') port.close();
      });
  });
  say({ report: 'ready', endpoint, bucket, credentials, restEndpoint });
} catch (error) {
  say({ report: 'failed', error: copyError(error) });
}
