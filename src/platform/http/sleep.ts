/** Waiting that can be called off. Injectable wherever it is used, so that tests need not wait. */
import { allowManyListeners } from './many-listeners.js';

/** Resolves after `ms`; rejects with the signal's reason as soon as that is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** A timer that is set to more ends at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort);
        resolve(ms > LONGEST_MS ? sleep(ms - LONGEST_MS, signal) : undefined);
      },
      Math.min(ms, LONGEST_MS),
    );
    allowManyListeners(signal);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
