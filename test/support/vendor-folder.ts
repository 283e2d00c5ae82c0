/** A vendor that is a folder: hand-made day files under their keys. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Workdir } from './workdir.js';

/**
 * `files`: texts by their keys without `.csv.gz`, the month's folders left out:
 * `us_indices/day_aggs_v1/2026-02-16`.
 */
export async function vendorFolder(
  workdir: Workdir,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const root = path.join(workdir.root, 'vendor');
  for (const [name, text] of Object.entries(files)) {
    const day = path.basename(name);
    const file = path.join(root, path.dirname(name), day.slice(0, 4), day.slice(5, 7), `${day}.csv.gz`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, gzipSync(text));
  }
  workdir.endpoint = `file:${root}`;
}
