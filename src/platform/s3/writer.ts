/**
 * Writes to a bucket of the user's own. What is written is checked by the server against its MD5, and asked
 * again where the way to it breaks; a conditional write asks the store alone who was first.
 *
 * As tried on Ceph RGW 16 and documented by Amazon: `If-None-Match: *` holds for a plain PUT alone (a completed
 * multipart upload overwrites), so what must be written once is small enough for one.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import pLimit from 'p-limit';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import { clientParts } from './client.js';
import { keyMask } from './key-mask.js';
import { type S3Operation, s3Error } from './refusal.js';
import { watchServerClock } from './server-clock.js';
import type { S3Settings } from './settings.js';

export interface BucketWriter {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * `exists`: an object had the key before; it stays. After a broken connection that may be the one that this
   * very call wrote.
   */
  create(key: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  /** By a multipart upload, whatever the size; all parts but the last have 5 MiB or more. */
  putParts(key: string, parts: AsyncIterable<Uint8Array>): Promise<void>;
  /** Large files in parts. `onBytes` sees the file's bytes once, in order. Throws the disk's error too. */
  putFile(key: string, file: string, onBytes: (bytes: Uint8Array) => void): Promise<void>;
  /** Undefined where there is none. */
  sizeOf(key: string): Promise<number | undefined>;
  remove(keys: readonly string[]): Promise<void>;
  close(): void;
}

/** One PUT up to this; Amazon's limit is 5 GiB. */
const MOST_IN_ONE = 32 << 20;
/** With parts of 32 MiB the most that an upload may have hold 312 GiB; of a larger file parts are larger. */
const MOST_PARTS = 10_000;
/** Each is that much memory. */
const PARTS_AT_ONCE = 2;
const REMOVED_AT_ONCE = 8;

/** All of them throw SourceError, or the signal's reason. Resolves once the SDK is loaded. */
export async function openWriter(settings: S3Settings, policy: RetryPolicy): Promise<BucketWriter> {
  const sdk = await import('./sdk-write.js');
  const { config, close } = await clientParts(settings);
  const client = new sdk.S3Client(config);
  watchServerClock(client.config, settings.onClockOff);
  const mask = keyMask(settings.credentials);
  const { bucket: Bucket, endpoint } = settings;
  const { signal } = policy;
  const options = signal === undefined ? {} : { abortSignal: signal };

  const ask = <T>(verb: S3Operation['verb'], name: string, request: () => Promise<T>): Promise<T> =>
    retry(async () => {
      try {
        return await request();
      } catch (error) {
        throw mask.error(s3Error(error, { verb, name, endpoint, bucket: Bucket }, signal));
      }
    }, policy);
  const putOnce = (Key: string, bytes: Uint8Array, condition: { readonly IfNoneMatch?: '*' }) =>
    ask('PUT', Key, () =>
      client.send(
        new sdk.PutObjectCommand({ Bucket, Key, Body: bytes, ContentMD5: md5(bytes), ...condition }),
        options,
      ),
    );

  const putParts = async (Key: string, bodies: AsyncIterable<Uint8Array>): Promise<void> => {
    const started = await ask('PUT', Key, () =>
      client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key }), options),
    );
    const { UploadId } = started;
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    const underWay: Promise<void>[] = [];
    try {
      for await (const bytes of bodies) {
        const PartNumber = parts.length + 1;
        const part = { ETag: undefined as string | undefined, PartNumber };
        parts.push(part);
        const sent = ask('PUT', `${Key} (part ${PartNumber})`, async () => {
          const answer = await client.send(
            new sdk.UploadPartCommand({
              ...{ Bucket, Key, UploadId, PartNumber },
              ...{ Body: bytes, ContentMD5: md5(bytes) },
            }),
            options,
          );
          part.ETag = answer.ETag;
        });
        sent.catch(() => undefined);
        underWay.push(sent);
        if (underWay.length >= PARTS_AT_ONCE) await underWay.shift();
      }
      await Promise.all(underWay);
      await ask('PUT', Key, () =>
        client.send(
          new sdk.CompleteMultipartUploadCommand({
            ...{ Bucket, Key, UploadId },
            MultipartUpload: { Parts: parts },
          }),
          options,
        ),
      );
    } catch (error) {
      await Promise.allSettled(underWay);
      // Best effort: what stays of it is garbage that costs room, and a lifecycle rule removes it.
      await client
        .send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
        .catch(() => undefined);
      throw error;
    }
  };

  return {
    put: async (key, bytes) => {
      await putOnce(key, bytes, {});
    },
    create: async (key, bytes) => {
      try {
        await putOnce(key, bytes, { IfNoneMatch: '*' });
        return 'created';
      } catch (error) {
        if (error instanceof SourceError && error.status === 412) return 'exists';
        throw error;
      }
    },
    putParts,
    putFile: async (key, name, onBytes) => {
      const file = await open(name);
      try {
        const { size } = await file.stat();
        if (size > MOST_IN_ONE) return await putParts(key, partsOf(file, size, onBytes));
        const bytes = await readPart(file, 0, size);
        onBytes(bytes);
        await putOnce(key, bytes, {});
      } finally {
        await file.close();
      }
    },
    sizeOf: async (Key) => {
      try {
        const { ContentLength } = await ask('HEAD', Key, () =>
          client.send(new sdk.HeadObjectCommand({ Bucket, Key }), options),
        );
        return ContentLength;
      } catch (error) {
        if (error instanceof SourceError && error.kind === 'not-found') return undefined;
        throw error;
      }
    },
    remove: async (keys) => {
      const limit = pLimit(REMOVED_AT_ONCE);
      // One by one: of many in one request some servers want other checksums than the SDK sends.
      await Promise.all(
        keys.map((Key) =>
          limit(() =>
            ask('DELETE', Key, () => client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), options)),
          ),
        ),
      );
    },
    close: () => {
      client.destroy();
      close();
    },
  };
}

async function* partsOf(
  file: FileHandle,
  size: number,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const partBytes = Math.max(MOST_IN_ONE, Math.ceil(size / MOST_PARTS));
  for (let at = 0; at < size; at += partBytes) {
    const bytes = await readPart(file, at, Math.min(partBytes, size - at));
    onBytes(bytes);
    yield bytes;
  }
}

/** Throws where the file has become shorter. */
async function readPart(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, at + read);
    if (bytesRead === 0) throw new RangeError(`the file ends at byte ${at + read}`);
    read += bytesRead;
  }
  return bytes;
}

/** As a header has it: RFC 1864. */
function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
