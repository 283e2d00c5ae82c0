/**
 * How a folder is kept, as far as it shows: so that what fetches into it later needs no options to leave it
 * as it is. Pure.
 */

import type { Wanted } from '#ingest/plan/wanted.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DatasetProgress } from '#store/ledger/model.js';

/** Whether days go into an archive: not where none is there, although days were read (--no-save-others). */
export function keepsArchive(known: DatasetProgress, archived: readonly IsoDay[]): boolean {
  if (archived.length > 0) return true;
  for (const { size, archive } of known.days.values())
    if (size !== undefined && archive === undefined) return false;
  return true;
}

/** Every ticker where the folder was once filled so (--all-tickers), else those that are tracked. */
export function wantedIn(known: DatasetProgress, tracked: Wanted): Wanted {
  return known.everyTicker.length > 0 ? '*' : tracked;
}
