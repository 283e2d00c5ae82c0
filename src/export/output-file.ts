/** A file that is written piece by piece and has its name only once it is whole and durable; until then whatever had that name stays. */
import { statSync } from 'node:fs';
import { open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder, temporaryName } from '../disk/durable.js';

export interface OutputFile {
  write(text: string): Promise<boolean>;
  /** Durable, under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** Devices and pipes (`/dev/null`) are written straight into. Throws the disk's error. */
export async function openOutput(name: string): Promise<OutputFile> {
  const found = statSync(name, { throwIfNoEntry: false });
  // What a link leads to is replaced, not the link.
  const file = found === undefined ? name : await realpath(name);
  const isPlain = found === undefined || found.isFile();
  const written = isPlain ? temporaryName(file) : file;
  const handle = await open(written, 'w', isPlain && found !== undefined ? found.mode & 0o777 : 0o666);
  return {
    write: async (text) => {
      await handle.writeFile(text);
      return true;
    },
    finish: async () => {
      if (isPlain) await handle.sync();
      await handle.close();
      if (!isPlain) return;
      await rename(written, file);
      await syncFolder(path.dirname(file));
    },
    abandon: async () => {
      await handle.close();
      if (isPlain) await rm(written, { force: true });
    },
  };
}
