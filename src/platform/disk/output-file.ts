/**
 * A file that is written piece by piece and has its name only once it is whole and durable; until then
 * whatever had that name stays.
 */
import { rmSync, statSync } from 'node:fs';
import { open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { removeLeftoversOf, syncFolder, temporaryName } from './durable.js';
import { about } from './errors.js';
import { FILE_MODE } from './modes.js';

export interface OutputFile {
  /** True: there is always somebody to write for. */
  write(content: string | Uint8Array): Promise<boolean>;
  /** Durable, under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
  /** The same at once, where the process is about to end. Never throws. */
  drop(): void;
}

/** Devices and pipes (`/dev/null`) are written straight into. Throws the disk's error. */
export async function openOutput(name: string): Promise<OutputFile> {
  const found = statSync(name, { throwIfNoEntry: false });
  // What a link leads to is replaced, not the link.
  const file = found === undefined ? name : await realpath(name);
  const isPlain = found === undefined || found.isFile();
  if (isPlain) await removeLeftoversOf(file).catch(() => undefined);
  const written = isPlain ? temporaryName(file) : file;
  // In a folder that others write to as well (/tmp), a link of theirs may wait under the temporary name.
  if (isPlain) await rm(written, { force: true });
  const handle = await open(
    written,
    isPlain ? 'wx' : 'w',
    isPlain && found !== undefined ? found.mode & 0o777 : FILE_MODE,
  );
  const failed = (error: unknown): never => {
    throw about(error, file);
  };
  return {
    write: async (content) => {
      await handle.writeFile(content).catch(failed);
      return true;
    },
    finish: async () => {
      if (isPlain) await handle.sync().catch(failed);
      await handle.close();
      if (!isPlain) return;
      await rename(written, file);
      await syncFolder(path.dirname(file));
    },
    abandon: async () => {
      await handle.close();
      if (isPlain) await rm(written, { force: true });
    },
    drop: () => {
      try {
        if (isPlain) rmSync(written, { force: true });
      } catch {
        // The process ends either way.
      }
    },
  };
}
