/**
 * Buffers that nobody needs any more, given back in time. V8 counts what they hold outside its heap and looks
 * for them when 64 MB have gathered, in each thread anew: for a day in pieces that would be most of the
 * memory that is used. A collection finds them in a millisecond or two.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

type Collect = (options: { readonly type: 'minor' | 'major' }) => void;

/** Bytes of buffers between two collections. */
const EVERY = 8 << 20;
/**
 * In a worker, whose heap is small, every so many of them are whole: newer V8s have marks under way during
 * which a scavenge leaves buffers alone.
 */
const MAJOR = 4;

let isReachable = false;
let collect: Collect | undefined;
let bytes = 0;
let times = 0;

/**
 * The only way to it from inside: a switch of the whole process, which the main thread throws before it
 * starts others.
 */
export function reachCollector(): void {
  if (isMainThread && !isReachable) setFlagsFromString('--expose-gc');
  isReachable = true;
}

/** `more`: bytes of buffers that were made since the last call. */
export function collectBuffers(more: number): void {
  bytes += more;
  if (bytes < EVERY) return;
  bytes = 0;
  times++;
  reachCollector();
  // Without it, what is given back later is given back all the same.
  collect ??= (runInNewContext('globalThis.gc') as Collect | undefined) ?? (() => undefined);
  collect({ type: !isMainThread && times % MAJOR === 0 ? 'major' : 'minor' });
}
