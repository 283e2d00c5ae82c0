/**
 * A gzip of any number of members, inflated at once. Zero bytes between or behind members are padding, as
 * gzip's manual says of tapes, and what follows them is read; zlib's own call takes them for the end.
 */
import { gunzipSync, type ZlibOptions } from 'node:zlib';

export interface GunzipLimits {
  /** Bytes of text, at least 1. */
  readonly maxOutputLength: number;
  /** What zlib hands out at a time: a hint that saves copies. */
  readonly chunkSize?: number;
}

/**
 * Throws zlib's errors: ERR_BUFFER_TOO_LARGE beyond the limit, and Z_… where it is damaged, is cut off, or
 * something else stands behind a member.
 */
export function gunzipWhole(gzip: Uint8Array, limits: GunzipLimits): Buffer {
  const texts: Buffer[] = [];
  let left = limits.maxOutputLength;
  let rest = gzip;
  do {
    const { text, read } = gunzipSome(rest, { ...limits, maxOutputLength: Math.max(1, left) });
    if (text.length > left) throw tooLarge(limits);
    texts.push(text);
    left -= text.length;
    rest = withoutZeros(rest.subarray(read));
  } while (rest.length > 0);
  return texts.length === 1 ? (texts[0] as Buffer) : Buffer.concat(texts);
}

/** zlib takes no limit of 0, so one byte may come where none is left. */
function tooLarge({ maxOutputLength }: GunzipLimits): Error {
  return Object.assign(new RangeError(`its text has more than ${maxOutputLength} bytes`), {
    code: 'ERR_BUFFER_TOO_LARGE',
  });
}

/** Members up to the first zero behind one. */
function gunzipSome(
  gzip: Uint8Array,
  options: ZlibOptions,
): { readonly text: Buffer; readonly read: number } {
  // With `info` the answer is another, which @types/node does not know.
  const { buffer, engine } = gunzipSync(gzip, { ...options, info: true }) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  return { text: buffer, read: engine.bytesWritten };
}

/** From the first byte on that is not zero. */
export function withoutZeros(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  return bytes.subarray(at);
}
