/** A file of members while it is being written, under a temporary name. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { type FileStamp, temporaryName } from '#platform/disk/durable.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { END_MARKER } from '#store/archive/bgzf.js';

export interface MembersFile {
  readonly temporary: string;
  /** Bytes so far. */
  size(): number;
  append(members: Uint8Array): Promise<void>;
  /** Ends it with the standard marker, durable. `end`: where the marker begins. */
  finish(): Promise<{ readonly stamp: FileStamp; readonly end: number }>;
  /** Closes it as it is. */
  close(): Promise<void>;
  /** Closes and removes it, unless it was finished. */
  drop(): Promise<void>;
}

/** `file`: the name that it may get. Throws the disk's error, as do all of its calls. */
export async function openMembersFile(file: string): Promise<MembersFile> {
  const temporary = temporaryName(file);
  let handle: FileHandle | undefined = await open(temporary, 'w', FILE_MODE).catch((error: unknown) => {
    throw about(error, file);
  });
  let size = 0;
  let isFinished = false;
  const close = async (): Promise<void> => {
    const open = handle;
    handle = undefined;
    await open?.close();
  };
  const append = async (members: Uint8Array): Promise<void> => {
    try {
      for (let at = 0; at < members.length; ) {
        const { bytesWritten } = (await handle?.write(members, at)) ?? { bytesWritten: 0 };
        if (bytesWritten === 0) throw new Error(`${temporary} is closed`);
        at += bytesWritten;
      }
      size += members.length;
    } catch (error) {
      throw about(error, file);
    }
  };
  return {
    temporary,
    size: () => size,
    append,
    finish: async () => {
      const end = size;
      await append(END_MARKER);
      try {
        await handle?.sync();
        const found = await handle?.stat();
        await close();
        isFinished = true;
        return { stamp: { size, mtimeMs: Math.floor(found?.mtimeMs ?? 0) }, end };
      } catch (error) {
        throw about(error, file);
      }
    },
    close,
    drop: async () => {
      if (isFinished) return;
      await close().catch(() => undefined);
      await rm(temporary, { force: true });
    },
  };
}
