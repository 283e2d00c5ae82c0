/**
 * Buffers that nobody needs any more, given back in time. V8 counts what they hold outside its heap and looks for them when 64 MB have gathered, in
 * each thread anew: for a day in pieces that would be most of the memory that is used. A scavenge finds them in less than a millisecond.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

type Collect = (options: { readonly type: 'minor' }) => void;

/** Bytes of buffers between two scavenges. */
const EVERY = 8 << 20;

// The only way to reach the collector from inside; a switch of the whole process, so not thrown by several threads at once.
if (isMainThread) setFlagsFromString('--expose-gc');

let scavenge: Collect | undefined;
let bytes = 0;

/** `more`: bytes of buffers that were made since the last call. */
export function collectBuffers(more: number): void {
  bytes += more;
  if (bytes < EVERY) return;
  bytes = 0;
  // Without it, what is given back later is given back all the same.
  scavenge ??= (runInNewContext('globalThis.gc') as Collect | undefined) ?? (() => undefined);
  scavenge({ type: 'minor' });
}
