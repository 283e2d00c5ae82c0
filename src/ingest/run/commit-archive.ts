/** The archive file of a fetched day gets its name, and the day its record. */
import type { PreparedFile } from '#ingest/day/prepared-file.js';
import { type Corrections, recorded } from '#ingest/series/corrections.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isDiskError } from '#platform/disk/errors.js';
import { archiveFile } from '#store/folder/layout.js';
import type { DayRecord } from '#store/ledger/model.js';
import type { Run } from './run.js';

/** Tables of contents of so many months wait to be written: memory must not grow with the number of days. */
const MONTHS_IN_MEMORY = 24;

export interface FetchedFile {
  readonly day: IsoDay;
  readonly prepared: PreparedFile;
  readonly record: DayRecord;
  /** All of them, those of tickers that are not wanted now too. */
  readonly corrections: Corrections;
  /** Whether an older copy stands there that cannot be read. */
  readonly damaged: boolean;
}

/** Resolves when both are durable. */
export async function commitArchive(
  { day, prepared, record, corrections, damaged }: FetchedFile,
  { request, known, committer, archive }: Run,
): Promise<void> {
  const correct = recorded(corrections);
  await committer.commit({
    day,
    temporary: prepared.temporary,
    file: archiveFile(request.layout, request.dataset, day),
    record: { ...record, ...correct },
    // Also of a day of which nothing was known: progress.json may have been lost before.
    ahead: correct.correct === undefined ? undefined : { ...known.days.get(day), ...correct },
    damaged,
  });
  archive.noteToc(day, prepared.toc);
  // Derived: where they cannot be written, they are made again when they are needed.
  await archive.saveTocs(MONTHS_IN_MEMORY).catch((error: unknown) => {
    if (!isDiskError(error)) throw error;
  });
}
