/** What progress.json keeps of a day that was fetched. Pure. */
import type { FetchedDay } from '#ingest/day/day-task.js';
import type { FileStamp } from '#platform/disk/durable.js';
import type { DayRecord } from '#store/ledger/model.js';

/**
 * `copy`: of its archive file, where one is kept. `old`: the day's record so far; who wrote which row stays
 * known.
 */
export function recordOfFetched(
  { object, result }: FetchedDay,
  copy: FileStamp | undefined,
  old: DayRecord | undefined,
): DayRecord {
  const { rows, textSha256, sortedSha256, quality } = result;
  return {
    ...object,
    rows,
    left_out: quality.leftOut,
    text_sha256: textSha256,
    ...(sortedSha256 === undefined ? {} : { sorted_sha256: sortedSha256 }),
    ...(copy === undefined ? {} : { archive: copy }),
    ...(old?.users === undefined ? {} : { users: old.users }),
  };
}
