/**
 * A mirror of the bucket in a folder, as a source: keys are relative paths with `/`. A file has no ETag, so
 * `ifMatch` is not checked; size and lastModified (the file's mtime) set versions apart. No key can lead out
 * of the folder, except through symbolic links that the user put there.
 */
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SourceError } from '#platform/http/source-error.js';
import { compareKeys } from '#platform/s3/key-order.js';
import type { GetOptions, ListedObject, ObjectStream, Source } from '#platform/s3/port.js';

const CHUNK_BYTES = 1 << 20;

/**
 * The keys are below DIR/<bucket>/ where that exists, otherwise below DIR itself.
 * @throws SourceError 'configuration' where DIR is not a folder.
 */
export async function openFolder(dir: string, bucket: string): Promise<Source> {
  const absolute = resolve(dir);
  if (!(await isFolder(absolute))) {
    throw new SourceError(
      'configuration',
      `The folder ${absolute} of the endpoint file:${dir} does not exist.`,
    );
  }
  const withBucket = join(absolute, bucket);
  const root = isPlainKey(bucket) && (await isFolder(withBucket)) ? withBucket : absolute;
  return {
    identity: { endpoint: pathToFileURL(absolute).href, bucket },
    list: (prefix, options) => listFolder(root, prefix, options?.signal),
    get: (key, options) => openFile(root, key, options ?? {}),
    close: () => {},
  };
}

async function listFolder(
  root: string,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<readonly ListedObject[]> {
  signal?.throwIfAborted();
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (parent !== '' && !isPlainKey(parent.slice(0, -1))) return [];
  const objects: ListedObject[] = [];
  await walk(join(root, parent), parent, []);
  return objects.sort((a, b) => compareKeys(a.key, b.key));

  async function walk(folder: string, keyBase: string, above: readonly string[]): Promise<void> {
    signal?.throwIfAborted();
    const entries = await orUndefined(readdir(folder, { withFileTypes: true }), `LIST ${prefix}`);
    for (const entry of entries ?? []) {
      signal?.throwIfAborted();
      const key = keyBase + entry.name;
      if (!key.startsWith(prefix) && !prefix.startsWith(`${key}/`)) continue;
      const path = join(folder, entry.name);
      const stats = await orUndefined(stat(path), `LIST ${key}`);
      if (stats?.isFile() === true) {
        objects.push({ key, size: stats.size, etag: undefined, lastModified: stats.mtime });
      } else if (stats?.isDirectory() === true) {
        const real = await realpath(path);
        if (!above.includes(real)) await walk(path, `${key}/`, [...above, real]); // a link to a folder above would not end
      }
    }
  }
}

async function openFile(
  root: string,
  key: string,
  { start = 0, end: wanted = Number.POSITIVE_INFINITY, signal }: GetOptions,
): Promise<ObjectStream> {
  signal?.throwIfAborted();
  const file = isPlainKey(key) ? await orUndefined(open(join(root, key), 'r'), `GET ${key}`) : undefined;
  const stats = await file?.stat();
  if (file === undefined || stats?.isFile() !== true) {
    await file?.close();
    throw new SourceError('not-found', `GET ${key}: not in ${root}.`);
  }
  if (start > 0 && start >= stats.size) {
    await file.close();
    throw new SourceError(
      'changed',
      `GET ${key}: asked for bytes from ${start}, the file has ${stats.size}.`,
    );
  }
  const end = Math.min(stats.size, wanted);
  const reading = { cancelled: false };
  const close = () => void file.close().catch(() => {});
  return {
    contentLength: end - start,
    etag: undefined,
    lastModified: stats.mtime,
    body: { [Symbol.asyncIterator]: () => chunks({ file, key, start, end, reading, signal }) },
    cancel: () => {
      reading.cancelled = true;
      close();
    },
  };
}

/** A stretch of an open file, which is closed behind it. */
interface Stretch {
  readonly file: FileHandle;
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly reading: { readonly cancelled: boolean };
  readonly signal: AbortSignal | undefined;
}

async function* chunks({ file, key, start, end, reading, signal }: Stretch): AsyncGenerator<Uint8Array> {
  try {
    for (let position = start; position < end; ) {
      signal?.throwIfAborted();
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, end - position));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (reading.cancelled) throw new SourceError('network', `GET ${key}: cancelled.`);
      if (bytesRead === 0) return; // the file has become shorter; whoever collects it compares lengths
      yield chunk.subarray(0, bytesRead);
      position += bytesRead;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw reading.cancelled && !(error instanceof SourceError)
      ? new SourceError('network', `GET ${key}: cancelled.`)
      : fileError(error, `GET ${key}`);
  } finally {
    await file.close().catch(() => {});
  }
}

/**
 * Whether every segment stays where it is put: no `..`, nothing absolute, nothing that this system reads as a
 * separator.
 */
function isPlainKey(key: string): boolean {
  const foreign = sep === '\\' ? /[\0\\:]/ : /\0/;
  return (
    !foreign.test(key) &&
    key.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await orUndefined(stat(path), path))?.isDirectory() === true;
}

/** undefined where there is no such file; @throws SourceError for everything else. */
async function orUndefined<T>(answer: Promise<T>, what: string): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(codeOf(error))) return undefined;
    throw fileError(error, what);
  }
}

function fileError(error: unknown, what: string): unknown {
  const code = codeOf(error);
  if (code === '') return error;
  const denied = code === 'EACCES' || code === 'EPERM';
  return new SourceError(denied ? 'denied' : 'server', `${what}: ${code}.`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
