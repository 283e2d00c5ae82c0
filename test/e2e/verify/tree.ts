/**
 * A small data folder, looked at and mended in this process; only the vendor is asked through the real
 * command.
 */

import { stocksDaily } from '#market/datasets/all.js';
import { folderLayout } from '#store/folder/layout.js';
import { openDataFolder, withDataFolder } from '#store/folder/open.js';
import type { VerifyOptions } from '#tasks/verify/look.js';
import { type RepairResult, repairDataset } from '#tasks/verify/repair.js';
import type { VerifyResult } from '#tasks/verify/result.js';
import { verifyDataset } from '#tasks/verify/verify.js';
import { NOW, type Workdir } from '../../support/workdir.js';

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
