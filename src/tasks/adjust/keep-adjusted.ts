/**
 * data_cache/adjusted kept up: of each stock's series a file with adjusted prices. A file is written again
 * only when its raw series, or what happened to its ticker by today, is another one.
 */
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Replacement, removeTemporaries, replaceFiles } from '#platform/disk/durable.js';
import { type FileStamp, stampOf } from '#platform/disk/stamp.js';
import type { DataFolder } from '#store/folder/open.js';
import {
  type AdjustedFile,
  adjustedFolder,
  readAdjustedRecord,
  writeAdjustedRecord,
} from '#store/series/adjusted-files.js';
import { type AdjustedTools, adjustedStates, isAsWritten, isMadeOf } from './adjusted-states.js';
import type { TickerNote } from './open-adjuster.js';

export interface KeptAdjusted {
  readonly folder: string;
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly notes: readonly TickerNote[];
  /** Series that cannot be read: their adjusted file stays as it was. */
  readonly unreadable: readonly string[];
}

/** Text that is written behind one barrier, bytes. */
const BATCH_BYTES = 24 << 20;

/** Under the folder's lock. Throws the disk's error, or the signal's reason; what is written by then stays. */
export async function keepAdjusted(dataFolder: DataFolder, tools: AdjustedTools): Promise<KeptAdjusted> {
  const { layout, progress } = dataFolder;
  const { checkLock } = progress;
  const folder = adjustedFolder(layout);
  await removeTemporaries(folder);
  const known = await readAdjustedRecord(layout);
  const record = new Map<string, AdjustedFile>();
  const tally = { written: 0, unchanged: 0, notes: [] as TickerNote[], unreadable: [] as string[] };
  let waiting: { name: string; replacement: Replacement; raw: FileStamp; events: string }[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await replaceFiles(
      waiting.map(({ replacement }) => replacement),
      checkLock,
    );
    for (const { name, raw, events, replacement } of waiting)
      record.set(name, { raw, events, own: stampOf(statSync(replacement.file)) });
    tally.written += waiting.length;
    waiting = [];
    bytes = 0;
  };
  for await (const state of adjustedStates(layout, known, tools)) {
    const { name, raw, events, before } = state;
    if (before !== undefined && isMadeOf(state) && isAsWritten(state)) {
      record.set(name, before);
      tally.unchanged++;
      continue;
    }
    const made = state.make();
    if (made === undefined) {
      tally.unreadable.push(name);
      if (before !== undefined) record.set(name, before);
      continue;
    }
    // What lies before the first close touches no row, and would be told every night.
    tally.notes.push(...made.notes.filter(({ note }) => note.kind !== 'dividend ignored: no close before'));
    waiting.push({ name, raw, events, replacement: { file: path.join(folder, name), content: made.bytes } });
    bytes += made.bytes.length;
    if (bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  // Those whose series went are nobody's; what barloom did not write stays.
  const gone = [...known.keys()].filter((name) => !record.has(name) && !tally.unreadable.includes(name));
  for (const name of gone) await rm(path.join(folder, name), { force: true });
  if (tally.written + gone.length > 0) await writeAdjustedRecord(layout, record, checkLock);
  return { folder, ...tally, removed: gone.length };
}
