/** Which days an `add` is about, and which of their sessions the archive has not. */

import type { IsoDay } from '#market/calendar/iso-day.js';
import type { CoveredDay } from '#tasks/coverage/cover.js';
import type { FolderDataset } from './archive-rows.js';

export interface DayRange {
  readonly start: IsoDay;
  readonly end: IsoDay;
}

/**
 * What was asked for, with what the archive holds where an end of it is open. A folder without an archive
 * (--no-save-others): the days that progress.json knows. Undefined where there is nothing.
 */
export async function addRange(
  { folder, dataset }: FolderDataset,
  asked: { readonly start: IsoDay | undefined; readonly end: IsoDay } | undefined,
  now: Date,
): Promise<DayRange | undefined> {
  const archived = folder.archive(dataset).days();
  const start = asked?.start ?? archived[0];
  const end = asked?.end ?? archived.at(-1);
  if (start !== undefined && end !== undefined) return { start, end };
  const known = folder.known(dataset);
  if (known.days.size === 0) return undefined;
  const { coveredRange } = await import('#tasks/coverage/cover.js');
  return coveredRange({ dataset, known, archived: [], now });
}

/**
 * Sessions of the range that the archive has not, but for those not published yet; why that is, is looked
 * into only where there are any.
 */
export async function missingSessions(
  { folder, dataset }: FolderDataset,
  { start, end }: DayRange,
  inRange: readonly IsoDay[],
  { accepted, now }: { readonly accepted: ReadonlyMap<IsoDay, string>; readonly now: Date },
): Promise<readonly CoveredDay[]> {
  const { calendar } = dataset;
  if (calendar.sessions(start, end).length <= inRange.filter(calendar.isSession).length) return [];
  const { coverDays } = await import('#tasks/coverage/cover.js');
  const { stampOf: copyOf } = folder.archive(dataset);
  const facts = { dataset, known: folder.known(dataset), archived: inRange, copyOf, accepted, now };
  return coverDays(start, end, facts).filter(({ copy, state }) => copy === undefined && state !== 'pending');
}

/** Days that progress.json says the archive holds. */
export function recordedDays({ folder, dataset }: FolderDataset): number {
  let days = 0;
  for (const { archive, pruned } of folder.known(dataset).days.values())
    if (archive !== undefined && pruned !== true) days++;
  return days;
}
