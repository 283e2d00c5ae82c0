/**
 * On a machine with much memory V8 lets the heap grow to several times what is in use before it collects, so
 * that a run over twenty years looks as if it needed all that. Measured: half the peak of verify over twenty
 * years, at the same CPU time. What is large lies in buffers, outside the heap.
 */
import { setFlagsFromString } from 'node:v8';

/** For this process and the threads that it starts, from now on. */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=10');
  // New objects stay in what the cache holds.
  setFlagsFromString('--semi-space-growth-factor=1');
}
