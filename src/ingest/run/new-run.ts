/** Sets up what the stations of a run share. */
import { wayOf } from '#ingest/day/day-way.js';
import { openSeriesFlow } from '#ingest/series/series-flow.js';
import type { FlushResult } from '#ingest/series/series-writer.js';
import { archiveFolder } from '#store/folder/layout.js';
import { openCommitter } from './commit.js';
import type { Emit } from './events.js';
import type { Run, RunParts } from './run.js';

/** `days`: that are to be worked on. */
export function newRun(parts: RunParts, days: number, ending: Pick<Run, 'signal' | 'fail'>): Run {
  const { request, context, wanted, progress } = parts;
  const { dataset, layout } = request;
  const tracked = wanted === '*' ? undefined : new Set(wanted);
  let worked = 0;
  let reported = 0;
  return {
    ...parts,
    ...ending,
    committer: openCommitter({
      folder: archiveFolder(layout, dataset),
      dataset: dataset.name,
      progress,
      now: context.now,
      gatherMs: wayOf(dataset).gatherMs,
      claimArchive: parts.claimArchive,
    }),
    flow: openSeriesFlow({
      dataset: dataset.name,
      target: parts.target,
      progress,
      clock: context.clock,
      onFlush: (result) => reportFlush(result, context.emit),
    }),
    waiting: [],
    isWanted: (ticker) => tracked === undefined || tracked.has(ticker),
    noteWorked: () => {
      worked++;
      context.emit({ type: 'worked', done: worked, days, downloaded: context.wire().bytes });
    },
    reportDay: (event) => {
      reported++;
      context.emit({ type: 'day', n: reported, days, ...event });
    },
    market: { tickers: undefined },
  };
}

function reportFlush(result: FlushResult, emit: Emit): void {
  for (const message of result.notes) emit({ type: 'note', level: 'warning', message });
  for (const [ticker, { rows, first }] of result.kept) emit({ type: 'kept', ticker, rows, first });
}
