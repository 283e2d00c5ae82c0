/**
 * A fetched day on its way to its end: what it says of itself is told, its archive file gets its final name, its bars go into the series.
 */

import type { FetchedDay } from '#ingest/day/fetch-day.js';
import { tickersOfRows } from '#ingest/day/market-tickers.js';
import { objectRecord, type PlannedDay, sameObject } from '#ingest/plan/plan.js';
import { correctionsOf, recorded, splitCorrections } from '#ingest/series/corrections.js';
import { rowsOfDay } from '#ingest/series/rows-of-day.js';
import type { DayCounts } from '#ingest/series/series-writer.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { rowCount } from '#market/records/taken-rows.js';
import { isDiskError } from '#platform/disk/errors.js';
import { archiveFile } from '#store/folder/layout.js';
import { type DayRecord, isLookedUp } from '#store/ledger/model.js';
import { takeFrom } from './read-copy.js';
import { rowsOfCopy } from './rows-of-copy.js';
import type { Run } from './run.js';
import { takeUnkept } from './unkept-day.js';

/** Tables of contents of so many months wait to be written: memory must not grow with the number of days. */
const MONTHS_IN_MEMORY = 24;

/** `woven`: the bars were not taken, because they go to every ticker once the last day is there. */
export async function settleDay(
  planned: PlannedDay,
  fetched: FetchedDay,
  woven: boolean,
  run: Run,
): Promise<void> {
  const { day } = planned;
  const { request, known, wanted } = run;
  // Of a large day there is a file also where none is kept: what the series want is taken out of it.
  const isKept = request.wishes.archive || planned.copy !== undefined || !request.dataset.inPieces;
  const unkept = isKept ? undefined : fetched.result.archive;
  const result = isKept ? fetched.result : { ...fetched.result, archive: undefined };
  reportOnDay(day, fetched, run);
  const old = known.days.get(day);
  const concerns = (ticker: string): boolean => run.isWanted(ticker) || known.series.has(ticker);
  const bars = result.replaced?.bars ?? (await barsBefore(planned, result, run));
  const corrections = correctionsOf(bars, old?.correct, concerns);
  const { now: before, later } = splitCorrections(corrections, run.isWanted);
  const record: DayRecord = {
    ...objectRecord(fetched.object),
    rows: result.rows,
    text_sha256: result.textSha256,
    ...(result.sortedSha256 === undefined ? {} : { sorted_sha256: result.sortedSha256 }),
    ...(result.archive === undefined ? {} : { archive: result.archive.stamp }),
    ...(old?.users === undefined ? {} : { users: old.users }),
  };
  if (result.archive !== undefined) {
    const correct = recorded(corrections);
    await run.committer.commit({
      day,
      temporary: result.archive.temporary,
      file: archiveFile(request.layout, request.dataset, day),
      record: { ...record, ...correct },
      // Also of a day of which nothing was known: progress.json may have been lost before.
      ahead: correct.correct === undefined ? undefined : { ...old, ...correct },
      damaged: result.damagedCopy !== undefined,
    });
    run.archive.noteToc(day, result.archive.toc);
    // Derived: where they cannot be written, they are made again when they are needed.
    await run.archive.saveTocs(MONTHS_IN_MEMORY).catch((error: unknown) => {
      if (!isDiskError(error)) throw error;
    });
  }
  const { bytes, downloadSeconds, workSeconds } = fetched;
  const about = { day, source: 's3', rows: result.rows, bytes, downloadSeconds, workSeconds } as const;
  if (!request.wishes.series) {
    run.reportDay({ ...about, tickers: undefined, added: 0, unchanged: 0, corrected: 0, kept: 0 });
    return;
  }
  // A large day is not compared as a whole: what its series have of it is told.
  const isAnew = request.dataset.inPieces && isOfAnotherText(old, result);
  const report = (counts: DayCounts, tickers: number): void => {
    const { added, corrected: changed } = counts;
    if (isAnew) run.context.emit({ type: 'replaced', day, added, removed: 0, changed, largest: undefined });
    run.reportDay({ ...about, tickers, ...counts });
  };
  if (woven) {
    run.waiting.push({
      day,
      record,
      report,
    });
    return;
  }
  const taken =
    unkept !== undefined
      ? await takeUnkept(day, unkept, run)
      : request.dataset.inPieces
        ? await takeFrom(day, wanted, run, result.archive?.toc)
        : result.taken;
  const compared = result.replaced !== undefined;
  const users = new Set(old?.users);
  // Of the very text that was processed before, a row that differs from it is nobody's but the user's.
  const sameText = old?.text_sha256 === result.textSha256;
  const tickers = wanted === '*' ? rowCount(taken) : wanted.length;
  await run.flow.offer({
    day,
    taken,
    before,
    ours: (ticker) => !compared && !sameText && !users.has(ticker) && isLookedUp(known, ticker, day),
    users,
    maybeGone: compared ? [...before.keys()] : [...new Set([...before.keys(), ...lookedUpBefore(day, run)])],
    wanted,
    record: { ...record, ...later },
    report: (counts) => report(counts, tickers),
  });
}

function isOfAnotherText(old: DayRecord | undefined, { textSha256 }: FetchedDay['result']): boolean {
  return old?.text_sha256 !== undefined && old.text_sha256 !== textSha256;
}

/**
 * Where there is no older copy to compare the vendor's new file with: what the series hold of the day. Recorded before the archive has the
 * new file, it is what a run that is killed in between still knows its own rows by.
 */
async function barsBefore(
  planned: PlannedDay,
  result: FetchedDay['result'],
  run: Run,
): ReturnType<typeof rowsOfDay> {
  const { day, object, copy } = planned;
  const { known, request } = run;
  const old = known.days.get(day);
  if (!request.wishes.series || result.archive === undefined) return new Map();
  // The very text that was processed before corrects nothing; rows that were found to be the user's are none of ours.
  if (old?.text_sha256 === result.textSha256) return new Map();
  const ofCopy = copy !== undefined && request.dataset.inPieces ? await rowsOfCopy(day, run) : new Map();
  const isSame = old?.size === undefined || sameObject(old, object);
  if (isSame && result.damagedCopy === undefined) return ofCopy;
  const users = new Set(old?.users);
  const tickers = [...known.series.keys()].filter(
    (ticker) => !users.has(ticker) && isLookedUp(known, ticker, day),
  );
  return new Map([...ofCopy, ...(await rowsOfDay(day, tickers, request))]);
}

function reportOnDay(day: IsoDay, { result }: FetchedDay, run: Run): void {
  const { emit } = run.context;
  if (result.market !== undefined) run.market.tickers ??= tickersOfRows(result.market);
  const { quality, replaced } = result;
  if (quality.notBars.count + quality.doubles.count + quality.offDay.length > 0)
    emit({ type: 'quality', day, ...quality });
  if (replaced !== undefined && replaced.bars.size > 0)
    emit({ type: 'replaced', day, ...replaced.difference });
}

/** Without a copy to compare with, a ticker that was looked up may have a row that the new file has not. */
function lookedUpBefore(day: IsoDay, { known, wanted }: Run): readonly string[] {
  if (known.days.get(day)?.size === undefined) return [];
  const tickers = wanted === '*' ? [...known.series.keys()] : wanted;
  return tickers.filter((ticker) => isLookedUp(known, ticker, day));
}
