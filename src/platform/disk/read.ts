/**
 * Reading regular files, and nothing else: a pipe in a file's place would be waited for, for ever. Errors
 * name the file, which the system leaves out where it is the reading that fails.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { about } from './errors.js';

/** Does not wait for a pipe's other end. Windows has no such thing. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Throws the disk's error; what `body` throws of the disk is taken to be about this file. */
export async function withFile<T>(file: string, body: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openToRead(file);
  try {
    return await body(handle);
  } catch (error) {
    throw about(error, file);
  } finally {
    await handle.close();
  }
}

/** To be closed by the caller. Throws the disk's error. */
export async function openToRead(file: string): Promise<FileHandle> {
  const handle = await open(file, FLAGS);
  try {
    refuseOthers(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw about(error, file);
  }
}

/** The same, synchronously. */
export function withFileSync<T>(file: string, body: (descriptor: number) => T): T {
  const descriptor = openToReadSync(file);
  try {
    return body(descriptor);
  } catch (error) {
    throw about(error, file);
  } finally {
    closeSync(descriptor);
  }
}

/** To be closed by the caller. Throws the disk's error. */
export function openToReadSync(file: string): number {
  const descriptor = openSync(file, FLAGS);
  try {
    refuseOthers(fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw about(error, file);
  }
}

/** Fills the target from `offset` of the file on; returns how much there was, less at the file's end only. */
export function readFully(descriptor: number, target: Uint8Array, offset: number): number {
  let size = 0;
  for (let read = -1; read !== 0 && size < target.length; size += read)
    read = readSync(descriptor, target, size, target.length - size, offset + size);
  return size;
}

/** Throws the disk's error, like all of these. */
export function readBytes(file: string): Promise<Buffer> {
  return withFile(file, (handle) => handle.readFile());
}

export function readBytesSync(file: string): Buffer {
  return withFileSync(file, (descriptor) => readFileSync(descriptor));
}

/** Undefined where there is no such file. */
export async function readBytesIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readBytes(file);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

export function readBytesIfThereSync(file: string): Buffer | undefined {
  try {
    return readBytesSync(file);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Also where a folder above it is missing, or is a file. */
export function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** EFTYPE is what BSD calls it; Linux has no code for it. */
function refuseOthers(found: Stats): void {
  if (found.isFile()) return;
  const code = found.isDirectory() ? 'EISDIR' : 'EFTYPE';
  throw Object.assign(new Error(`${code}: it is no regular file, read`), { code, syscall: 'read' });
}

const PART_BYTES = 1 << 20;

export interface Stretch {
  readonly start?: number;
  /** Default: to the end of the file. */
  readonly length?: number;
  /** Bytes that are read at a time. */
  readonly partBytes?: number;
}

/** Bytes of an open file as they come; less than asked for where it ends before. */
export async function* partsOf(
  handle: FileHandle,
  { start = 0, length = Number.POSITIVE_INFINITY, partBytes = PART_BYTES }: Stretch = {},
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; ) {
    const part = Buffer.allocUnsafe(Math.min(partBytes, length - done));
    const { bytesRead } = await handle.read(part, 0, part.length, start + done);
    if (bytesRead === 0) return;
    yield part.subarray(0, bytesRead);
    done += bytesRead;
  }
}

/** All of a file's bytes as they come. Throws the disk's error. */
export async function* partsOfFile(file: string): AsyncGenerator<Uint8Array> {
  const handle = await openToRead(file);
  try {
    yield* partsOf(handle);
  } catch (error) {
    throw about(error, file);
  } finally {
    await handle.close();
  }
}
