/**
 * A file that came whole, by its MD5, and is no day file: the fault is the vendor's, and not the transfer's.
 */
import { SourceError } from '#platform/http/source-error.js';

const MD5_DIFFERS = 'its MD5 is';

export function md5Differs(found: string, expected: string): SourceError {
  return new SourceError('damaged', `${MD5_DIFFERS} ${found} and should be ${expected}`);
}

/** The second such fetch proves it: then asking once more in this run says nothing new. */
const FETCHES = 2;

/**
 * To be asked of every failed attempt at a file, in turn: the error to throw, final once it is proven.
 * `isWhole`: whether it is known that the bytes are those that the vendor has.
 */
export function newContentJudge(): (error: unknown, isWhole: boolean) => unknown {
  let faults = 0;
  return (error, isWhole) => {
    const isContent =
      error instanceof SourceError &&
      error.kind === 'damaged' &&
      isWhole &&
      !error.message.startsWith(MD5_DIFFERS);
    if (!isContent) return error;
    faults += 1;
    if (faults < FETCHES) return error;
    return new SourceError(error.kind, error.message, { status: error.status, final: true });
  };
}
