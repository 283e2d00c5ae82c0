/**
 * One large day from the source to its archive file: split while it arrives (split/), gone on with where the transfer breaks, verified when the
 * last byte is there. What turns out to be damaged is fetched again whole.
 */
import { createHash } from 'node:crypto';
import { splitDay } from '#ingest/pieces/split-day.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import { NO_ROWS } from '#market/records/taken-rows.js';
import { SourceError } from '#platform/http/source-error.js';
import { md5OfEtag } from '#platform/s3/etag.js';
import type { ListedObject, ObjectStream } from '#vendors/flatfiles/port.js';
import { getResuming } from '#vendors/guard/resume.js';
import { retry } from '#vendors/guard/retry.js';
import { type FetchContext, type FetchedDay, rulesOf } from './fetch-day.js';

/** `file`: the archive file to prepare. What is taken of it is taken later (`taken` is empty). */
export async function fetchLargeDay(
  day: IsoDay,
  object: ListedObject,
  file: string,
  context: FetchContext,
): Promise<FetchedDay> {
  const { dataset, source, threads, signal, clock } = context;
  checkObjectSize(object.size, dataset);
  return retry(async () => {
    const begun = clock();
    const stream = await getResuming(source, object.key, {
      signal,
      retry: context.retry,
      expectedSize: (first) => (isListed(first, object) ? object.size : undefined),
      ...(context.onResume === undefined ? {} : { onResume: context.onResume }),
    });
    const check = newTransferCheck(stream, object, dataset);
    const split = await splitDay(check.body, {
      file,
      rules: rulesOf(dataset),
      memberTextBytes: dataset.memberTextBytes,
      window: windowOf(dataset, day),
      runPiece: threads.piece,
      runSort: threads.sort,
      // One more than there are threads: while it waits, the next is cut.
      atOnce: threads.size + 1,
    }).catch((error: unknown) => {
      stream.cancel();
      throw error;
    });
    const seconds = (clock() - begun) / 1000;
    const { rows, textSha256, sortedSha256, quality, archive } = split;
    return {
      result: {
        seconds,
        rows,
        textSha256,
        sortedSha256,
        quality,
        archive,
        taken: NO_ROWS,
        replaced: undefined,
        damagedCopy: undefined,
        market: undefined,
      },
      object: {
        size: check.bytes(),
        etag: stream.etag ?? object.etag,
        lastModified: stream.lastModified ?? object.lastModified,
      },
      bytes: check.bytes(),
      downloadSeconds: seconds,
      workSeconds: seconds,
    };
  }, context.retry);
}

/** Throws SourceError 'damaged'. */
function checkObjectSize(size: number, { maxObjectBytes }: Dataset): void {
  if (size > maxObjectBytes)
    throw new SourceError('damaged', `it has ${size} bytes, over the dataset's limit of ${maxObjectBytes}`);
}

/** Not replaced since it was listed. */
function isListed({ etag }: ObjectStream, object: ListedObject): boolean {
  return etag === undefined || object.etag === undefined || etag === object.etag;
}

/** The body, which throws SourceError 'damaged' at its end where it is not what was announced. */
function newTransferCheck(stream: ObjectStream, object: ListedObject, dataset: Dataset) {
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
    if (found !== md5) throw new SourceError('damaged', `its MD5 is ${found} and should be ${md5}`);
  }
  return { body: body(), bytes: () => received };
}

function damaged(why: string): SourceError {
  return new SourceError('damaged', `The object is not what was announced: ${why}.`);
}
