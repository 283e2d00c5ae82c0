/** A body on its way, checked at its end against what was listed and announced. */
import { createHash } from 'node:crypto';
import type { Dataset } from '#market/datasets/dataset.js';
import { SourceError } from '#platform/http/source-error.js';
import { md5OfEtag } from '#platform/s3/etag.js';
import type { ObjectStream } from '#platform/s3/port.js';
import { md5Differs } from './content-fault.js';
import { type DayObject, isListed } from './day-object.js';
import { checkObjectSize } from './object-size.js';

export interface TransferCheck {
  /** Throws SourceError 'damaged' at its end where it is not what was announced. */
  readonly body: AsyncGenerator<Uint8Array>;
  /** So far. */
  readonly bytes: () => number;
  /**
   * Reads what is left of it, once nobody reads the body any more: whether all of it is what the vendor has, by
   * its MD5. False where that cannot be known, it does not arrive, or it is too much to be read for that.
   */
  readonly isWhole: () => Promise<boolean>;
}

/** What is left of minutes; of quotes it can be a hundred gigabytes. */
const MOST_READ_ON = 256 << 20;

export function newTransferCheck(stream: ObjectStream, object: DayObject, dataset: Dataset): TransferCheck {
  const { contentLength } = stream;
  const md5 = md5OfEtag(stream.etag ?? object.etag);
  const listed = isListed(stream, object) ? object.size : undefined;
  const expected = contentLength ?? listed;
  const hash = createHash('md5');
  const chunks = stream.body[Symbol.asyncIterator]();
  let received = 0;
  let isChecked = false;
  /** The next chunk, looked at; undefined at the end, which was checked then. */
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value: chunk } = await chunks.next();
    if (done === true) {
      if (expected !== undefined && received < expected)
        throw damaged(`${received} bytes received, ${expected} expected`);
      const found = md5 === undefined ? undefined : hash.digest('hex');
      if (found !== undefined && md5 !== undefined && found !== md5) throw md5Differs(found, md5);
      isChecked = true;
      return undefined;
    }
    received += chunk.byteLength;
    checkObjectSize(received, dataset);
    if (expected !== undefined && received > expected)
      throw damaged(`at least ${received} bytes received, ${expected} expected`);
    if (md5 !== undefined) hash.update(chunk);
    return chunk;
  };
  let hasFailed = false;
  // Not by `for await`, which would end the transfer with the reader of its text.
  async function* body(): AsyncGenerator<Uint8Array> {
    if (contentLength !== undefined && listed !== undefined && contentLength !== listed)
      throw damaged(`${contentLength} bytes announced, ${listed} listed`);
    try {
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  }
  return {
    body: body(),
    bytes: () => received,
    isWhole: async () => {
      const left = (expected ?? Number.POSITIVE_INFINITY) - received;
      if (md5 === undefined || hasFailed || left > MOST_READ_ON) return false;
      try {
        while (!isChecked) await next();
        return true;
      } catch {
        return false;
      }
    },
  };
}

function damaged(why: string): SourceError {
  return new SourceError('damaged', `The object is not what was announced: ${why}.`);
}
