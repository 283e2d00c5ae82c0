/** Whether the adjusted series are what their raw series and events give. All of them can be made again. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { adjustedFolder, readAdjustedRecord } from '#store/series/adjusted-files.js';
import {
  type AdjustedState,
  type AdjustedTools,
  adjustedStates,
  isAsWritten,
  isMadeOf,
} from './adjusted-states.js';

export interface VerifiedAdjusted {
  /** That were written, and are to be what they were. */
  readonly files: number;
  /** Those whose series or events have changed since: the next run writes them. */
  readonly waiting: number;
  readonly damage: readonly { readonly file: string; readonly what: string }[];
}

const MOST_BYTES = 256 << 20;

/** `deep`: every row of every file; else of those whose size or time is not as it was left. */
export async function verifyAdjusted(
  layout: FolderLayout,
  { deep, ...tools }: AdjustedTools & { readonly deep: boolean },
): Promise<VerifiedAdjusted> {
  const known = await readAdjustedRecord(layout);
  const damage: { readonly file: string; readonly what: string }[] = [];
  let waiting = 0;
  for await (const state of adjustedStates(layout, known, tools)) {
    if (state.before === undefined) continue;
    const what = await troubleOf(state, path.join(adjustedFolder(layout), state.name), deep);
    if (what !== undefined) damage.push({ file: `data_cache/adjusted/${state.name}`, what });
    else if (!isMadeOf(state)) waiting++;
  }
  return { files: known.size, waiting, damage };
}

/** Of what has changed below it, nobody can say what it was. */
async function troubleOf(state: AdjustedState, file: string, deep: boolean): Promise<string | undefined> {
  if (state.own === undefined) return 'is gone';
  if (!isMadeOf(state) || (!deep && isAsWritten(state))) return undefined;
  const made = state.make();
  if (made === undefined || made.bytes.toString() === (await readTextIfThere(file, MOST_BYTES)))
    return undefined;
  return 'has other rows than its series and events give';
}

/** What is damaged goes, for keepAdjusted to make it again. */
export async function dropDamaged(
  { dataDir }: Pick<FolderLayout, 'dataDir'>,
  { damage }: Pick<VerifiedAdjusted, 'damage'>,
): Promise<void> {
  for (const { file } of damage) await rm(path.join(dataDir, file), { force: true });
}
