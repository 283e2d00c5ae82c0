/**
 * Objects that are too large for memory: gzip files in a folder of their own below the system's temporary
 * one, made as their text comes into being. They stay until `close`, even when replaced, since somebody may
 * still be reading them.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const CHUNK_BYTES = 256 << 10;

export interface LargeObject {
  readonly path: string;
  /** Bytes as stored. */
  readonly size: number;
  /** MD5 in hex. */
  readonly etag: string;
}

export interface LargeObjects {
  /** Rejects with an AbortError when `close` comes in between. */
  compress(pieces: Iterable<Buffer>, level: number): Promise<LargeObject>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

/** Makes its folder in `parent` when the first object comes. */
export function largeObjects(parent: string): LargeObjects {
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let folder: Promise<string> | undefined;
  let count = 0;

  async function write(pieces: Iterable<Buffer>, level: number): Promise<LargeObject> {
    folder ??= mkdtemp(join(parent, 'barloom-sandbox-'));
    const path = join(await folder, `${++count}.csv.gz`);
    const md5 = createHash('md5');
    let size = 0;
    async function* counted(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
      for await (const chunk of source) {
        md5.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
    await pipeline(
      Readable.from(pieces, { highWaterMark: 1 }),
      createGzip({ level, chunkSize: CHUNK_BYTES }),
      counted,
      createWriteStream(path),
      { signal: closing.signal },
    );
    return { path, size, etag: md5.digest('hex') };
  }

  return {
    async compress(pieces, level) {
      const writing = write(pieces, level);
      running.add(writing);
      try {
        return await writing;
      } finally {
        running.delete(writing);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(running);
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
    },
  };
}
