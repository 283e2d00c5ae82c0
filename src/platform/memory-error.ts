/**
 * Memory that gave out, as V8, zlib and the system say it. It tells nothing of the file that was being read:
 * where errors are taken for damage, this one is not.
 */

/** Of WebAssembly, ArrayBuffers, strings and threads; the heap's own end is none that can be caught. */
const TEXTS = /out of memory|allocation failed|cannot allocate memory|could not allocate/i;
const CODES: readonly unknown[] = [
  'ENOMEM',
  'Z_MEM_ERROR',
  'ERR_MEMORY_ALLOCATION_FAILED',
  'ERR_WORKER_OUT_OF_MEMORY',
];

/** Those that come from another thread have lost their class. */
const PLAIN: readonly string[] = ['Error', 'RangeError', 'RuntimeError'];

export function isOutOfMemory(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (CODES.includes((error as NodeJS.ErrnoException).code)) return true;
  return PLAIN.includes(error.name) && TEXTS.test(error.message);
}

/** One sentence for people. */
export const OUT_OF_MEMORY =
  'memory ran out, which says nothing of the files: close other programs, give fewer --workers or --concurrency, ' +
  "or raise the limit (ulimit -v, the container's), and run the same command again";
