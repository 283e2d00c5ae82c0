/** The bars that the series may hold of the file before, where the vendor has replaced it. */
import type { FetchedDay } from '#ingest/day/day-task.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { sameObject } from '#ingest/plan/vendor-object.js';
import { rowsOfDay } from '#ingest/series/rows-of-day.js';
import { isLookedUp } from '#store/ledger/model.js';
import { replacedIn } from './row-owners.js';
import { rowsOfCopy } from './rows-of-copy.js';
import type { Run } from './run.js';

/** By ticker; null: no bar. */
export type BarsBefore = ReadonlyMap<string, { readonly before: string | null }>;

/**
 * Out of the comparison with the older copy; where there was none to compare with, what the series hold of
 * the day. Recorded before the archive has the new file, it is what a run that is killed in between still
 * knows its own rows by. `isKept`: the new file goes into the archive.
 */
export async function barsBefore(
  planned: PlannedDay,
  fetched: FetchedDay,
  isKept: boolean,
  run: Run,
): Promise<BarsBefore> {
  const compared = replacedIn(fetched);
  if (compared !== undefined) return compared.bars;
  const { day, object, copy } = planned;
  const { known, request } = run;
  const old = known.days.get(day);
  if (!request.wishes.series || !isKept) return new Map();
  // The very text that was processed before corrects nothing; rows that were found to be the user's are none
  // of ours.
  if (old?.text_sha256 === fetched.result.textSha256) return new Map();
  const ofCopy: BarsBefore =
    copy !== undefined && fetched.way === 'pieces' ? await rowsOfCopy(day, run) : new Map();
  const isSame = old?.size === undefined || sameObject(old, object);
  if (isSame && !isCopyDamaged(fetched)) return ofCopy;
  const users = new Set(old?.users);
  const tickers = [...known.series.keys()].filter(
    (ticker) => !users.has(ticker) && isLookedUp(known, ticker, day),
  );
  return new Map([...ofCopy, ...(await rowsOfDay(day, tickers, request))]);
}

/** Whether an older copy stands there that could not be read. */
export function isCopyDamaged(fetched: FetchedDay): boolean {
  return fetched.way === 'whole' && fetched.result.damagedCopy !== undefined;
}
