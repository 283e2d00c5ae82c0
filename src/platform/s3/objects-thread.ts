/**
 * Objects of an S3 server for readers that are synchronous, as those of files are: a thread asks, many at
 * once, and this one waits for what it needs next. Signals of the system are seen between two waits.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { SourceError } from '#platform/http/source-error.js';
import { packageFile } from '#platform/package-file.js';
import { reviveError } from '#platform/threads/thread-error.js';
import type { ListedObject } from './port.js';
import type { ObjectPart, ThreadAnswer, ThreadData, ThreadRequest, ThreadResult } from './serve-objects.js';
import type { S3Settings } from './settings.js';

export type { ObjectPart } from './serve-objects.js';

/** Something that was asked for. */
export type Asked = number & { readonly asked: unique symbol };

export interface ObjectsThread {
  /** Begins to ask, and does not wait. */
  ask(parts: readonly ObjectPart[]): Asked;
  /** Of each part its bytes, or why not. To be called once. Throws SourceError where the thread does not answer. */
  take(asked: Asked): readonly (Uint8Array | Error)[];
  /** Of each prefix its objects. Throws SourceError. */
  list(prefixes: readonly string[]): readonly (readonly ListedObject[])[];
}

/** Longer than all attempts of a request take that the guards give up. */
const LONGEST_WAIT_MS = 600_000;

/** Loading the program once more takes a fraction of a second. */
const LONGEST_START_MS = 60_000;

/** The thread begins with the first question, and keeps no process alive. */
export function openObjectsThread(settings: S3Settings): ObjectsThread {
  const answers = new Int32Array(new SharedArrayBuffer(8));
  const { port1: port, port2 } = new MessageChannel();
  const arrived = new Map<number, readonly ThreadResult[]>();
  let worker: Worker | undefined;
  let latest = 0;

  const send = (request: ThreadRequest): void => {
    if (worker === undefined) {
      worker = new Worker(packageFile('#platform/s3/objects-worker.js'), {
        workerData: { settings, port: port2, answers } satisfies ThreadData,
        transferList: [port2],
      });
      worker.unref();
      port.unref();
      if (Atomics.wait(answers, 1, 0, LONGEST_START_MS) === 'timed-out')
        throw new Error('the thread that asks the server did not start');
    }
    port.postMessage(request);
  };
  const receive = (): boolean => {
    const received = receiveMessageOnPort(port) as { readonly message: ThreadAnswer } | undefined;
    if (received !== undefined) arrived.set(received.message.id, received.message.results);
    return received !== undefined;
  };
  const resultsOf = (id: number): readonly ThreadResult[] => {
    for (;;) {
      const results = arrived.get(id);
      if (results !== undefined) {
        arrived.delete(id);
        return results;
      }
      const seen = Atomics.load(answers, 0);
      if (receive()) continue;
      if (Atomics.wait(answers, 0, seen, LONGEST_WAIT_MS) === 'timed-out')
        throw new SourceError(
          'network',
          `no answer from ${settings.endpoint} for ${LONGEST_WAIT_MS / 60_000} minutes.`,
        );
    }
  };
  const revived = (result: Extract<ThreadResult, { readonly error: unknown }>): Error =>
    reviveError(result.error, { SourceError });

  return {
    ask: (parts) => {
      const id = ++latest;
      send({ id, get: parts });
      return id as Asked;
    },
    take: (asked) =>
      resultsOf(asked).map((result) => {
        if ('error' in result) return revived(result);
        return 'bytes' in result ? result.bytes : new Error('a listing was not asked for');
      }),
    list: (prefixes) => {
      const id = ++latest;
      send({ id, list: prefixes });
      return resultsOf(id).map((result) => {
        if ('error' in result) throw revived(result);
        return 'objects' in result ? result.objects : [];
      });
    },
  };
}
