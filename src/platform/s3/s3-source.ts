/**
 * The S3 source: the AWS SDK, loaded only when one is opened, with every setting given here, so that neither
 * the environment nor ~/.aws can redirect a signed request. It asks once: repeating, pacing and watching are
 * the wrappers' work.
 */

import { allowManyListeners } from '#platform/http/many-listeners.js';
import { SourceError } from '#platform/http/source-error.js';
import { connectS3, type S3Connection } from './client.js';
import { cleanEtag } from './etag.js';
import { refusalCode } from './get.js';
import { type KeyMask, keyMask } from './key-mask.js';
import { compareKeys } from './key-order.js';
import type { GetOptions, ListedObject, ObjectStream, Source } from './port.js';
import { refusal, type S3Operation, s3Error } from './refusal.js';
import type { S3Settings } from './settings.js';

/** More is no listing of one prefix, but a server that never comes to an end. */
const MOST_KEYS = 100_000;
/** Pages may be empty (S3 allows it), but not without end. */
const PAGES_WITHOUT_KEYS = 100;
/** MD5s have 32 signs; servers that make up other marks stay well below this. */
const LONGEST_ETAG = 256;

/** Opens no connection yet; resolves once the SDK is loaded (about 70 ms). */
export async function openS3(settings: S3Settings): Promise<Source> {
  const { endpoint, bucket } = settings;
  const connection = await connectS3(settings);
  const mask = keyMask(settings.credentials);
  return {
    identity: { endpoint, bucket },
    list: (prefix, options) =>
      listAll(connection, { verb: 'LIST', name: prefix, endpoint, bucket, mask }, options?.signal),
    get: (key, options) =>
      getObject(connection, { verb: 'GET', name: key, endpoint, bucket, mask }, options ?? {}),
    close: connection.close,
  };
}

/** With what may not be shown of it. */
type Operation = S3Operation & { readonly mask: KeyMask };

async function listAll(
  connection: S3Connection,
  operation: Operation,
  signal: AbortSignal | undefined,
): Promise<readonly ListedObject[]> {
  // By key: one that was listed twice is one object, as it was seen last.
  const objects = new Map<string, ListedObject>();
  const tokens = new Set<string>();
  let pages = 0;
  let token: string | undefined;
  do {
    const page = await asked(operation, signal, () => connection.list(operation.name, token, signal));
    if (page.IsTruncated === undefined && page.KeyCount === undefined && page.Name === undefined) {
      throw noListing(operation, 'the answer is no listing');
    }
    const contents = page.Contents ?? [];
    if (
      page.KeyCount !== undefined &&
      page.KeyCount !== contents.length + (page.CommonPrefixes?.length ?? 0)
    ) {
      throw noListing(operation, `${page.KeyCount} keys announced, ${contents.length} received`);
    }
    for (const { Key: given, Size, ETag, LastModified } of contents) {
      const Key = given === undefined || page.EncodingType !== 'url' ? given : decodedKey(given);
      if (Key === undefined || Size === undefined || !Number.isSafeInteger(Size) || Size < 0)
        throw noListing(operation, 'an object without key or size');
      if (Key.startsWith(operation.name)) {
        objects.set(Key, {
          key: Key,
          size: Size,
          etag: plainEtag(ETag, operation),
          lastModified: validDate(LastModified),
        });
      }
    }
    pages += 1;
    if (pages > objects.size + PAGES_WITHOUT_KEYS || objects.size > MOST_KEYS)
      throw noListing(operation, `no end after ${pages} pages with ${objects.size} keys`);
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    if (page.IsTruncated === true && (token === undefined || token === '' || tokens.has(token))) {
      throw noListing(operation, 'more pages announced without a way to them');
    }
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return [...objects.values()].sort((a, b) => compareKeys(a.key, b.key));
}

/** As AWS does it: a blank is a plus sign. Undefined for what is not encoded so. */
function decodedKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

async function getObject(
  connection: S3Connection,
  operation: Operation,
  options: GetOptions,
): Promise<ObjectStream> {
  const { start = 0, end, ifMatch, signal } = options;
  const ranged = start > 0 || end !== undefined;
  const answer = await asked(operation, signal, () =>
    connection.get(operation.name, { start, end }, ifMatch, signal),
  );
  const { statusCode: status, headers } = answer;
  if (status < 200 || status >= 300) {
    const code = await refusalCode(answer);
    signal?.throwIfAborted();
    throw operation.mask.error(refusal(status, code, headers, operation));
  }
  if (ranged && (status !== 206 || rangeStart(headers['content-range']) !== start)) {
    answer.destroy();
    throw new SourceError(
      'server',
      `GET ${operation.name}: asked for bytes from ${start}, got HTTP ${status}.`,
      { status },
    );
  }
  return {
    contentLength: byteCount(headers['content-length']),
    etag: plainEtag(headers.etag, operation),
    lastModified: httpDate(headers['last-modified']),
    body: { [Symbol.asyncIterator]: () => chunks(answer, operation, signal) },
    cancel: () => {
      answer.destroy();
    },
  };
}

async function* chunks(
  stream: AsyncIterable<Uint8Array>,
  operation: Operation,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw operation.mask.error(s3Error(error, operation, signal));
  }
}

async function asked<T>(
  operation: Operation,
  signal: AbortSignal | undefined,
  request: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  allowManyListeners(signal);
  try {
    return await request();
  } catch (error) {
    throw operation.mask.error(s3Error(error, operation, signal));
  }
}

/** It is recorded: one that is far too long for a mark, or holds a key, is none. */
function plainEtag(raw: string | undefined, { mask }: Operation): string | undefined {
  const etag = cleanEtag(raw);
  return etag === undefined || etag.length > LONGEST_ETAG || mask.hides(etag) ? undefined : etag;
}

/** The first byte of `bytes 100-199/200`; RFC 9110, section 14.4. */
function rangeStart(contentRange: string | undefined): number | undefined {
  const first = /^bytes (\d+)-/.exec(contentRange ?? '')?.[1];
  return first === undefined ? undefined : Number(first);
}

function byteCount(contentLength: string | undefined): number | undefined {
  return contentLength !== undefined && /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : undefined;
}

/** `Fri, 02 Feb 2024 10:00:00 GMT`; RFC 9110, section 5.6.7. */
function httpDate(text: string | undefined): Date | undefined {
  return text !== undefined && /^[A-Z][a-z]{2}.* GMT$/.test(text) ? validDate(new Date(text)) : undefined;
}

function validDate(date: Date | undefined): Date | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function noListing({ name, endpoint }: Operation, why: string): SourceError {
  return new SourceError('server', `LIST ${name}: ${why} (${endpoint}).`, { status: 200 });
}
