/**
 * Qlib's .bin files (qlib.data.storage.file_storage): little-endian float32, first the calendar index of the
 * first value, then a value a calendar day to the symbol's last, NaN where it has none.
 */
import { closeSync, ftruncateSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';

export const FIELDS = ['open', 'high', 'low', 'close', 'volume', 'factor', 'change'] as const;
export type Field = (typeof FIELDS)[number];

export type Bins = Readonly<Record<Field, Float32Array>>;

export function binName(field: Field): string {
  return `${field}.day.bin`;
}

/**
 * All fields of one symbol into a folder that is there. `values`: from its first to its last day. Not durable
 * by itself.
 */
export function writeBins(folder: string, start: number, values: Bins): void {
  for (const field of FIELDS) {
    const file = path.join(folder, binName(field));
    try {
      writeFileSync(file, binBytes(start, values[field]), { mode: FILE_MODE });
    } catch (error) {
      throw about(error, file);
    }
  }
}

/** A whole file. */
export function binBytes(start: number, values: Float32Array): Uint8Array {
  const bin = new Float32Array(values.length + 1);
  bin[0] = start;
  bin.set(values, 1);
  return littleEndian(bin);
}

/**
 * Puts values behind the first `values` of the file; what an earlier run left beyond them goes. Returns the
 * file's path.
 */
export function appendBin(file: string, before: number, more: Float32Array): void {
  const descriptor = openSync(file, 'r+');
  try {
    const at = 4 * (before + 1);
    writeAt(descriptor, littleEndian(more), at);
    ftruncateSync(descriptor, at + 4 * more.length);
  } catch (error) {
    throw about(error, file);
  } finally {
    closeSync(descriptor);
  }
}

/** Cuts a file that is longer than so many values; false where it is shorter, or not there. */
export function cutBin(file: string, values: number): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const wanted = 4 * (values + 1);
  if (size > wanted) appendBin(file, values, new Float32Array(0));
  return size >= wanted;
}

function writeAt(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
}

const IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return IS_LITTLE ? bytes : Buffer.from(bytes).swap32();
}
