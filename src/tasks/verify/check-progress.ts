/** progress.json by itself: can it be read, and does its check fit? */
import path from 'node:path';
import { readWhole } from '#platform/disk/read-whole.js';
import { ProgressFileError, parseProgress } from '#store/ledger/file.js';
import { MOST_PROGRESS_BYTES } from '#store/ledger/store.js';
import type { Damage } from './result.js';

const JOURNAL = 'progress.ndjson';

/**
 * `warnings`: what was found amiss when it was loaded. Throws ProgressFileError for a newer barloom's, and
 * the disk's error.
 */
export async function checkProgress(
  dataDir: string,
  warnings: readonly string[],
): Promise<readonly Damage[]> {
  const damage: Damage[] = [];
  const what = await problemOf(path.join(dataDir, 'progress.json'));
  if (what !== undefined) damage.push({ kind: 'progress-damaged', file: 'progress.json', what });
  for (const warning of warnings) {
    if (!warning.startsWith(`${JOURNAL}: `)) continue;
    damage.push({ kind: 'progress-damaged', file: JOURNAL, what: warning.slice(JOURNAL.length + 2) });
  }
  return damage;
}

async function problemOf(file: string): Promise<string | undefined> {
  try {
    parseProgress((await readWhole(file, MOST_PROGRESS_BYTES, 'refuse')).toString('utf8'));
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!(error instanceof ProgressFileError) || error.newer) throw error;
    return error.message;
  }
}
