/** A small data folder, looked at and mended in this process; only the vendor is asked through the real command. */
import { openDataFolder, withDataFolder } from '../../src/datafolder/open.js';
import { folderLayout } from '../../src/disk/layout.js';
import { stocksDaily } from '../../src/flatfile/datasets/all.js';
import type { VerifyOptions } from '../../src/verify/look.js';
import { type RepairResult, repairDataset } from '../../src/verify/repair.js';
import type { VerifyResult } from '../../src/verify/result.js';
import { verifyDataset } from '../../src/verify/verify.js';
import { NOW, type Workdir } from '../workdir.js';

const signal = new AbortController().signal;

export async function look(work: Workdir, options: VerifyOptions = { deep: true }): Promise<VerifyResult> {
  const folder = await openDataFolder({
    layout: folderLayout(work.data),
    access: 'read',
    command: 'test',
    now: new Date(NOW),
  });
  return verifyDataset(folder, stocksDaily, options, { signal, workers: 0 });
}

/** Files that are moved aside are named after `now`. */
export async function mend(found: VerifyResult, work: Workdir, now: Date): Promise<RepairResult> {
  return repairDataset(found, stocksDaily, {
    now,
    signal,
    verify: () => look(work, { deep: found.deep }),
    withFolder: (body) =>
      withDataFolder({ layout: folderLayout(work.data), access: 'write', command: 'test', now }, body),
    fetchDays: async (days) => {
      const sorted = [...days].sort();
      work.now = now.toISOString();
      const { code, stderr } = await work.populate(
        `--start ${sorted[0]} --end ${sorted.at(-1)} --archive-only --force`,
      );
      if (code !== 0) throw new Error(stderr);
      return true;
    },
  });
}

/** The files of both tiers as they were at first, by their bytes; what has come beside them is left out. */
export function sameFiles(
  before: Readonly<Record<string, string>>,
  work: Workdir,
): Readonly<Record<string, string | undefined>> {
  const now = work.tiers();
  return Object.fromEntries(Object.keys(before).map((name) => [name, now[name]]));
}
