/**
 * A fetched day on its way to its end: what was found in it is reported, its archive file gets its final
 * name, its bars go into the series.
 */

import type { DayTask, FetchedDay } from '#ingest/day/day-task.js';
import { tickersOfRows } from '#ingest/day/market-tickers.js';
import { takeFromArchive } from '#ingest/day/take-from-archive.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { correctionsOf, splitCorrections } from '#ingest/series/corrections.js';
import type { DayCounts } from '#ingest/series/series-writer.js';
import type { TakenLines } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { rowCount } from '#market/records/taken-rows.js';
import type { DayRecord } from '#store/ledger/model.js';
import { barsBefore, isCopyDamaged } from './bars-before.js';
import { commitArchive } from './commit-archive.js';
import { recordOfFetched } from './day-record.js';
import { replacedIn, rowOwners } from './row-owners.js';
import { type Run, takeFrom } from './run.js';
import { takeUnkept } from './unkept-day.js';

export interface FinishingDay {
  readonly planned: PlannedDay;
  readonly task: DayTask;
  readonly fetched: FetchedDay;
}

/** A day whose bars were not taken waits until all days are in the archive (`run.waiting`). */
export async function finishDay({ planned, task, fetched }: FinishingDay, run: Run): Promise<void> {
  const { day } = task;
  const { request, known, wanted } = run;
  reportFindings(day, fetched, run);
  const old = known.days.get(day);
  const kept = task.prepares === 'archive' ? fetched.result.archive : undefined;
  const bars = await barsBefore(planned, fetched, kept !== undefined, run);
  const concerns = (ticker: string): boolean => run.isWanted(ticker) || known.series.has(ticker);
  const corrections = correctionsOf(bars, old?.correct, concerns);
  const record = recordOfFetched(fetched, kept?.stamp, old);
  if (kept !== undefined) {
    const damaged = isCopyDamaged(fetched);
    await commitArchive({ day, prepared: kept, record, corrections, damaged }, run);
  }
  const report = newReport(day, fetched, old, run);
  if (!request.wishes.series) {
    report(NO_ROWS_COUNTED, undefined);
    return;
  }
  if (!task.series) {
    run.waiting.push({ day, record, report });
    return;
  }
  const taken = await takenOf(day, fetched, kept !== undefined, run);
  const { now: before, later } = splitCorrections(corrections, run.isWanted);
  const tickers = wanted === '*' ? rowCount(taken) : wanted.length;
  await run.flow.offer({
    day,
    taken,
    ...rowOwners({ day, wanted, known, old, before }, fetched),
    wanted,
    record: { ...record, ...later },
    report: (counts) => report(counts, tickers),
  });
}

const NO_ROWS_COUNTED: DayCounts = { added: 0, unchanged: 0, corrected: 0, kept: 0 };

function reportFindings(day: IsoDay, fetched: FetchedDay, run: Run): void {
  const { emit } = run.context;
  if (fetched.way === 'whole' && fetched.result.market !== undefined)
    run.market.tickers ??= tickersOfRows(fetched.result.market);
  const { quality } = fetched.result;
  if (quality.notBars.count + quality.doubles.count + quality.offDate + quality.offDay.length > 0)
    emit({ type: 'quality', day, ...quality });
  const replaced = replacedIn(fetched);
  if (replaced !== undefined && replaced.bars.size > 0)
    emit({ type: 'replaced', day, ...replaced.difference });
}

/** To be called once the day is durable. */
function newReport(day: IsoDay, fetched: FetchedDay, old: DayRecord | undefined, run: Run) {
  const { from: source, bytes, downloadSeconds, workSeconds } = fetched;
  const { rows, textSha256 } = fetched.result;
  // A large day is not compared as a whole: what its series have of it is reported.
  const isAnew = fetched.way === 'pieces' && old?.text_sha256 !== undefined && old.text_sha256 !== textSha256;
  return (counts: DayCounts, tickers: number | undefined): void => {
    const { added, corrected: changed } = counts;
    if (isAnew && tickers !== undefined)
      run.context.emit({ type: 'replaced', day, added, removed: 0, changed, largest: undefined });
    run.reportDay({ day, source, rows, bytes, downloadSeconds, workSeconds, tickers, ...counts });
  };
}

async function takenOf(day: IsoDay, fetched: FetchedDay, isKept: boolean, run: Run): Promise<TakenLines> {
  if (fetched.way === 'whole') return fetched.result.taken;
  const { archive } = fetched.result;
  return isKept
    ? takeFromArchive(day, run.wanted, { ...takeFrom(run), toc: archive.toc })
    : takeUnkept(day, archive, run);
}
