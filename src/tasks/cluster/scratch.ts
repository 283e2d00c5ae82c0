/** Folders for work that is thrown away, one for each task under way: what killed ones left goes with the next. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '#platform/disk/durable.js';

const NAME = /^barloom-cluster-(\d+)-/;

/** In `folder`, which is made. Throws the disk's error. */
export async function makeScratch(folder: string, pid: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const [, holder] = NAME.exec(name) ?? [];
    if (holder !== undefined && Number(holder) !== pid && !isAlive(Number(holder)))
      await rm(path.join(folder, name), { recursive: true, force: true });
  }
  return mkdtemp(path.join(folder, `barloom-cluster-${pid}-`));
}

export function dropScratch(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
