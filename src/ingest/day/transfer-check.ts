/** A body on its way, checked at its end against what was listed and announced. */
import { createHash } from 'node:crypto';
import type { Dataset } from '#market/datasets/dataset.js';
import { SourceError } from '#platform/http/source-error.js';
import { md5OfEtag } from '#platform/s3/etag.js';
import type { ObjectStream } from '#vendors/flatfiles/port.js';
import { md5Differs } from './content-fault.js';
import { type DayObject, isListed } from './day-object.js';
import { checkObjectSize } from './object-size.js';

export interface TransferCheck {
  /** Throws SourceError 'damaged' at its end where it is not what was announced. */
  readonly body: AsyncGenerator<Uint8Array>;
  /** So far. */
  readonly bytes: () => number;
}

export function newTransferCheck(stream: ObjectStream, object: DayObject, dataset: Dataset): TransferCheck {
  const { contentLength } = stream;
  const md5 = md5OfEtag(stream.etag ?? object.etag);
  let received = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    const listed = isListed(stream, object) ? object.size : undefined;
    if (contentLength !== undefined && listed !== undefined && contentLength !== listed)
      throw damaged(`${contentLength} bytes announced, ${listed} listed`);
    const expected = contentLength ?? listed;
    const hash = createHash('md5');
    for await (const chunk of stream.body) {
      received += chunk.byteLength;
      checkObjectSize(received, dataset);
      if (expected !== undefined && received > expected)
        throw damaged(`at least ${received} bytes received, ${expected} expected`);
      if (md5 !== undefined) hash.update(chunk);
      yield chunk;
    }
    if (expected !== undefined && received < expected)
      throw damaged(`${received} bytes received, ${expected} expected`);
    const found = md5 === undefined ? undefined : hash.digest('hex');
    if (found !== undefined && md5 !== undefined && found !== md5) throw md5Differs(found, md5);
  }
  return { body: body(), bytes: () => received };
}

function damaged(why: string): SourceError {
  return new SourceError('damaged', `The object is not what was announced: ${why}.`);
}
