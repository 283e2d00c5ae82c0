/**
 * The way of the bars from finished days into the series files: gathered, written together now and then,
 * recorded, and only then reported. How often follows from what a write costs, so that a ticker's file is
 * rewritten a few times a run and not once a day.
 */

import type { Wanted } from '#ingest/plan/wanted.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type DayRecord, withUsers } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import type { ProgressStore } from '#store/ledger/store.js';
import type { PendingDay } from './pending-rows.js';
import { type DayCounts, type FlushResult, type SeriesTarget, writeSeries } from './series-writer.js';
import { dropLines, sizeOfRows } from './taken-lines.js';

export interface FlowDay extends PendingDay {
  readonly wanted: Wanted;
  /** The day's record once its series are durable. */
  readonly record: DayRecord;
  readonly report: (counts: DayCounts) => void;
}

export interface SeriesFlow {
  /** Resolves when there is room for more; the day itself may still wait to be written. */
  offer(day: FlowDay): Promise<void>;
  /** Writes what is left. */
  finish(): Promise<void>;
}

/** Bytes of bars that are gathered at most. */
const BUDGET = 48 << 20;
/**
 * The first write comes after this long, ms; later ones at least so far apart, and ten times as far as the
 * last one took.
 */
const PAUSE_MS = 1500;

export function openSeriesFlow(options: {
  readonly dataset: string;
  readonly target: SeriesTarget;
  readonly progress: ProgressStore;
  readonly clock: () => number;
  readonly onFlush: (result: FlushResult) => void;
}): SeriesFlow {
  let pending: FlowDay[] = [];
  let bytes = 0;
  let nextAt = options.clock() + PAUSE_MS;
  let writing: Promise<void> | undefined;
  let failed: unknown;

  const write = async (): Promise<void> => {
    const days = pending;
    pending = [];
    bytes = 0;
    if (days.length === 0) return;
    const begun = options.clock();
    const result = await writeSeries(days, options.target);
    for (const { taken } of days) dropLines(taken);
    await options.progress.record(steps(options.dataset, days, result));
    for (const { day, report } of days) {
      const counts = result.counts.get(day);
      if (counts !== undefined) report(counts);
    }
    options.onFlush(result);
    const took = options.clock() - begun;
    nextAt = options.clock() + Math.max(PAUSE_MS, 10 * took);
  };
  const startWriting = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  };
  return {
    offer: async (day) => {
      pending.push(day);
      bytes += sizeOfRows(day.taken) + 200;
      if (bytes >= BUDGET) await startWriting();
      else if (writing === undefined && options.clock() >= nextAt) {
        // Goes on beside the downloads; its failure is met at the next write, or at the end.
        startWriting().catch((error: unknown) => {
          failed ??= error;
        });
      }
      if (failed !== undefined) throw failed;
    },
    finish: async () => {
      await writing;
      await startWriting();
      if (failed !== undefined) throw failed;
    },
  };
}

function steps(dataset: string, days: readonly FlowDay[], result: FlushResult): Step[] {
  const lost = new Set(result.lost);
  const found: Step[] = [];
  // A file that was moved aside is to be made again from every day: nothing is known of it any more.
  if (lost.size > 0) found.push({ step: 'forget', dataset, tickers: [...lost] });
  if (Object.keys(result.files).length > 0) found.push({ step: 'series', dataset, files: result.files });
  for (const { day, record } of days) {
    const users = result.users.get(day) ?? new Set();
    found.push({ step: 'day', dataset, day, record: withUsers(record, users) });
  }
  // Last: where a kill cuts the journal's lines off, a day that is looked up is not asked for again, and
  // would stay without its record.
  const byWanted = new Map<Wanted, IsoDay[]>();
  for (const { wanted, day } of days) byWanted.set(wanted, [...(byWanted.get(wanted) ?? []), day]);
  for (const [wanted, on] of byWanted) found.push({ step: 'looked-up', dataset, tickers: wanted, days: on });
  return found;
}
