/**
 * A gzip that arrives in chunks, inflated in zlib's thread while it does; zero bytes between members are
 * padding, as in gunzip-whole.ts.
 */
import type { StreamOptions } from 'node:stream';
import { createGunzip, type Gunzip, type ZlibOptions } from 'node:zlib';
import { withoutZeros } from './gunzip-whole.js';

/**
 * The text, to the body's own end, which is what the body is checked at. Throws what the body throws, or
 * zlib's errors (Z_…). Whoever stops early has the body closed as soon as its next chunk comes.
 */
export async function* gunzipBody(
  body: AsyncIterable<Uint8Array>,
  options: ZlibOptions & StreamOptions<Gunzip>,
): AsyncGenerator<Uint8Array> {
  const input = newInput(body);
  for (let isFirst = true; ; isFirst = false) {
    const start = isFirst ? await input.next() : await behindZeros(input);
    if (start === undefined && !isFirst) return;
    if (start !== undefined) input.putBack([start]);
    const gunzip = createGunzip(options);
    const feeding = { isGivenUp: false };
    const fed = feed(input, gunzip, feeding);
    fed.catch((error: unknown) => gunzip.destroy(error as Error));
    try {
      yield* gunzip;
      input.putBack(await fed);
    } finally {
      feeding.isGivenUp = true;
      gunzip.destroy();
    }
  }
}

interface Input {
  /** Undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  putBack(chunks: readonly Uint8Array[]): void;
  close(): Promise<void>;
}

function newInput(body: AsyncIterable<Uint8Array>): Input {
  const chunks = body[Symbol.asyncIterator]();
  let ahead: readonly Uint8Array[] = [];
  return {
    next: async () => {
      const [first, ...others] = ahead;
      ahead = others;
      if (first !== undefined) return first;
      const { done, value } = await chunks.next();
      return done === true ? undefined : value;
    },
    putBack: (back) => {
      ahead = [...back, ...ahead];
    },
    close: async () => {
      await chunks.return?.();
    },
  };
}

async function behindZeros(input: Input): Promise<Uint8Array | undefined> {
  for (let chunk = await input.next(); chunk !== undefined; chunk = await input.next()) {
    const rest = withoutZeros(chunk);
    if (rest.length > 0) return rest;
  }
  return undefined;
}

/** Until zlib sees a zero behind a member, or the body ends. Returns what was not read. */
async function feed(
  input: Input,
  gunzip: Gunzip,
  feeding: { readonly isGivenUp: boolean },
): Promise<readonly Uint8Array[]> {
  /** Chunks that may not be read yet, and what was read before them. */
  const given: Uint8Array[] = [];
  let before = 0;
  for (let chunk = await input.next(); chunk !== undefined; chunk = await input.next()) {
    if (feeding.isGivenUp) {
      await input.close();
      return [];
    }
    given.push(chunk);
    if (gunzip.destroyed || gunzip.readableEnded) break;
    for (let oldest = given[0]; oldest !== undefined; oldest = given[0]) {
      if (before + oldest.length > gunzip.bytesWritten) break;
      before += oldest.length;
      given.shift();
    }
    if (!gunzip.write(chunk)) await drained(gunzip);
  }
  if (!gunzip.destroyed) gunzip.end();
  await ended(gunzip);
  return [withoutFirst(given, gunzip.bytesWritten - before)];
}

function withoutFirst(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  return Buffer.concat(chunks).subarray(bytes);
}

/** Whatever becomes of it: a stream that has ended or failed is drained of nothing more. */
function drained(gunzip: Gunzip): Promise<void> {
  return first(gunzip, ['drain', 'close', 'end', 'error']);
}

/** Until its last text is taken. */
async function ended(gunzip: Gunzip): Promise<void> {
  if (!gunzip.readableEnded && !gunzip.destroyed) await first(gunzip, ['close', 'end', 'error']);
}

function first(gunzip: Gunzip, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) gunzip.off(event, done);
      resolve();
    };
    for (const event of events) gunzip.on(event, done);
  });
}
