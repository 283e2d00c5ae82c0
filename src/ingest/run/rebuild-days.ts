/**
 * The days of a run whose bars go to every ticker of the market: rather than file by file as days come in,
 * they are rebuilt together once all of them are in the archive. A run that is cut off before that loses
 * nothing; the next one rebuilds them.
 */

import { rebuildMarket } from '#ingest/series/rebuild-market.js';
import type { DayCounts } from '#ingest/series/series-writer.js';
import { withUsers } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import type { Run, WaitingDay } from './run.js';

/** Throws ArchiveDamage, the disk's error, or the signal's reason; then no day was reported. */
export async function rebuildDays(
  waiting: readonly WaitingDay[],
  { request, context, archive, progress, pool, signal }: Run,
): Promise<void> {
  if (waiting.length === 0) return;
  const { dataset, layout, workers } = request;
  const ordered = [...waiting].sort((a, b) => (a.day < b.day ? -1 : 1));
  const counts = ordered.map((): DayCounts => ({ added: 0, unchanged: 0, corrected: 0, kept: 0 }));
  const users = new Map(ordered.map(({ day, record }) => [day, new Set(record.users)]));
  await rebuildMarket({
    dataset,
    layout,
    archive,
    days: ordered.map(({ day }) => day),
    archiveWins: false,
    vendors: new Set(archive.days()),
    runSlice: pool.slice,
    workers,
    now: context.now,
    checkLock: progress.checkLock,
    signal,
    onSlice: async ({ rebuilt, files, notes }) => {
      await progress.record([{ step: 'series', dataset: dataset.name, files }]);
      for (const [d, count] of counts.entries()) {
        count.added += rebuilt.added[d] ?? 0;
        count.unchanged += rebuilt.unchanged[d] ?? 0;
        count.kept += rebuilt.kept[d] ?? 0;
      }
      for (const message of notes) context.emit({ type: 'note', level: 'warning', message });
      for (const { ticker, kept } of rebuilt.files) {
        const first = kept?.[0];
        if (kept === undefined || first === undefined) continue;
        for (const day of kept) users.get(day)?.add(ticker);
        context.emit({ type: 'kept', ticker, rows: kept.length, first });
      }
    },
  });
  const steps: Step[] = ordered.map(({ day, record }) => ({
    step: 'day',
    dataset: dataset.name,
    day,
    record: withUsers(record, users.get(day) ?? new Set()),
  }));
  const days = ordered.map(({ day }) => day);
  await progress.record([...steps, { step: 'looked-up', dataset: dataset.name, tickers: '*', days }]);
  for (const [d, { report }] of ordered.entries()) {
    const count = counts[d] as DayCounts;
    report(count, count.added + count.unchanged + count.kept);
  }
}
