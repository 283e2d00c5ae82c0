/** The worker thread: takes jobs one at a time and answers each with its result, or with the error as far as it crosses threads. */
import { parentPort } from 'node:worker_threads';
import type { Answer } from '#platform/threads/threads.js';
import { type DescribedError, type Job, newCarrier } from './runner.js';

const carrier = newCarrier();

parentPort?.on('message', (job: Job) => {
  parentPort?.postMessage(answerTo(job));
});

function answerTo(job: Job): Answer<DescribedError> {
  try {
    return { result: job.kind === 'month' ? carrier.month(job) : carrier.slice(job) };
  } catch (error) {
    const { name, message, code, syscall, path, stack } = error as NodeJS.ErrnoException;
    const described = { name, message, code, syscall, path, stack };
    // A field that is lacking stays so: `code: undefined` would be one.
    return { error: JSON.parse(JSON.stringify(described)) as DescribedError };
  }
}
