/**
 * Reads a body into one buffer of exactly its size, whose ArrayBuffer is its own and can be transferred to a
 * worker. Nothing beyond the limit is ever buffered; a length other than announced or listed is damage, with
 * both numbers.
 */
import { SourceError } from '#platform/http/source-error.js';
import type { BodyStream } from './request.js';

export interface CollectLimits {
  /** More is refused: of objects that announce it before the first byte is read. */
  readonly maxBytes: number;
  /** The size in the listing (less the start of a ranged get), where it is known. */
  readonly expectedSize?: number | undefined;
}

/** A body whose length is announced, where it is. */
export interface MeasuredStream extends BodyStream {
  /** Bytes that `body` is going to yield, as announced before the first of them. */
  readonly contentLength: number | undefined;
}

/** @throws SourceError 'damaged' (the stream is cancelled then), or what the body throws. */
export async function collect(
  stream: MeasuredStream,
  limits: CollectLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const { contentLength } = stream;
  const { maxBytes, expectedSize } = limits;
  try {
    const size = contentLength ?? expectedSize;
    if (contentLength !== undefined && expectedSize !== undefined && contentLength !== expectedSize) {
      throw damaged(`${contentLength} bytes announced, ${expectedSize} listed`);
    }
    if (size !== undefined && size > maxBytes)
      throw damaged(`${size} bytes announced, the limit is ${maxBytes}`);
    return size === undefined ? await gather(stream, maxBytes) : await fill(stream, size);
  } catch (error) {
    stream.cancel();
    throw error;
  }
}

async function fill(stream: BodyStream, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let received = 0;
  for await (const chunk of stream.body) {
    if (received + chunk.byteLength > size) {
      throw damaged(`at least ${received + chunk.byteLength} bytes received, ${size} expected`);
    }
    bytes.set(chunk, received);
    received += chunk.byteLength;
  }
  if (received < size) throw damaged(`${received} bytes received, ${size} expected`);
  return bytes;
}

async function gather(stream: BodyStream, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of stream.body) {
    received += chunk.byteLength;
    if (received > maxBytes) throw damaged(`at least ${received} bytes received, the limit is ${maxBytes}`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(received);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function damaged(why: string): SourceError {
  return new SourceError('damaged', `The object is not what was announced: ${why}.`);
}
