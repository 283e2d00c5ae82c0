/**
 * Day files mended without the network: where the text is still whole, by the hash that progress.json keeps
 * or by every member's CRC-32, the file is written again in barloom's own blocks. The same text gives the
 * same bytes.
 */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { replaceFile, syncFolder } from '#platform/disk/durable.js';
import { gunzipWhole } from '#platform/gzip/gunzip-whole.js';
import { isGzipDamage } from '#platform/gzip/gzip-damage.js';
import { ArchiveDamage, END_MARKER, inflateArchive, memberTexts } from '#store/archive/bgzf.js';
import { indexArchived, rebuildTocOf } from '#store/archive/build-toc.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { readDayFile, withDayFile } from '#store/archive/day-file.js';
import { archiveFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import type { DayRecord } from '#store/ledger/model.js';
import { splitAgain } from './mend-large-day.js';
import { sha256Of } from './month-work.js';

/**
 * Returns whether the day's file is now in barloom's own blocks, recorded so. Under the lock. Throws the
 * disk's error.
 */
export async function mendBlocks(folder: DataFolder, dataset: Dataset, day: IsoDay): Promise<boolean> {
  const file = archiveFile(folder.layout, dataset, day);
  const record = folder.known(dataset).days.get(day);
  if (dataset.inPieces) return mendLarge(folder, dataset, day, record);
  const text = soundText(file, record?.sorted_sha256 ?? record?.text_sha256, dataset);
  if (text === undefined) return false;
  const index = indexArchived(text, dataset);
  if (index.records === 0) return false;
  const built = buildArchive(index, dataset.memberForm);
  // What goes in its place has to give the same text again.
  if (Buffer.compare(inflateArchive(built.bytes, dataset), built.text) !== 0) return false;
  await replaceFile(file, built.bytes);
  const archive = folder.archive(dataset);
  const stamp = archive.stampOf(day);
  if (stamp === undefined) return false;
  archive.noteToc(day, { ...built.toc, mtimeMs: stamp.mtimeMs });
  const sorted: DayRecord =
    built.text === text ? {} : { text_sha256: sha256Of(text), sorted_sha256: sha256Of(built.text) };
  await folder.progress.record([
    { step: 'day', dataset: dataset.name, day, record: { ...record, ...sorted, archive: stamp } },
  ]);
  return true;
}

async function mendLarge(
  folder: DataFolder,
  dataset: Dataset,
  day: IsoDay,
  record: DayRecord | undefined,
): Promise<boolean> {
  const file = archiveFile(folder.layout, dataset, day);
  const archive = folder.archive(dataset);
  const sha256 = record?.sorted_sha256 ?? record?.text_sha256;
  const split = await splitAgain(file, day, dataset, { sha256, isWhole: archive.looksWhole(day) });
  if (split === undefined) return false;
  const { temporary, stamp, toc } = split.archive;
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
  archive.noteToc(day, toc);
  const { textSha256: text_sha256, sortedSha256: sorted_sha256 } = split;
  const sorted: DayRecord = sorted_sha256 === undefined ? {} : { text_sha256, sorted_sha256 };
  await folder.progress.record([
    { step: 'day', dataset: dataset.name, day, record: { ...record, ...sorted, archive: stamp } },
  ]);
  return true;
}

/** The text of a day file whose blocks may be damaged, where it is certain; undefined where it is not. */
function soundText(path: string, sha256: string | undefined, dataset: Dataset): Uint8Array | undefined {
  const file = attempt(() => readDayFile(path, dataset));
  if (file === undefined) return undefined;
  const strict = attempt(() => inflateArchive(file, dataset));
  if (sha256 === undefined) return strict;
  const limit = { maxOutputLength: dataset.maxTextBytes };
  const ways = [
    () => strict,
    // What hopping over the members needs, gzip itself does not; and what stands behind the last member is
    // nobody's text.
    () => attempt(() => gunzipWhole(file, limit)),
    () => attempt(() => Buffer.concat(memberTexts(file.subarray(0, -END_MARKER.length), dataset))),
  ];
  for (const way of ways) {
    const text = way();
    if (text !== undefined && sha256Of(text) === sha256) return text;
  }
  return undefined;
}

function attempt<T extends Uint8Array>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ArchiveDamage || isGzipDamage(error)) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

/**
 * Makes the tables of contents of a month again, of the days that can be read. They are written when the
 * folder is saved.
 */
export async function remakeTocs(
  folder: DataFolder,
  dataset: Dataset,
  days: readonly IsoDay[],
): Promise<void> {
  const archive = folder.archive(dataset);
  for (const day of days) {
    const stamp = archive.stampOf(day);
    if (stamp === undefined) continue;
    try {
      const file = archiveFile(folder.layout, dataset, day);
      const toc = withDayFile(file, dataset, (open) => rebuildTocOf(open, dataset));
      if (toc !== undefined) archive.noteToc(day, toc);
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
    }
  }
}
