/** A day out of our own copy: the bars of the tickers that have yet to be looked up, without the network. */

import { takeFromArchive } from '#ingest/day/take-from-archive.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import { splitCorrections } from '#ingest/series/corrections.js';
import { rowCount } from '#market/records/taken-rows.js';
import { type Run, takeFrom } from './run.js';

/**
 * Throws ArchiveDamage where the copy cannot be read. `mayWait`: bars for every ticker may wait until all
 * days are there.
 */
export async function readCopy(planned: PlannedDay, run: Run, mayWait: boolean): Promise<void> {
  const { day, toLookUp, record } = planned;
  const { clock } = run.context;
  // A correction that an earlier run did not finish concerns its tickers too.
  const { now: before, later } = splitCorrections(record?.correct, run.isWanted);
  const known = planned.adopt ?? record ?? {};
  const from = { day, source: 'archive', rows: undefined, bytes: 0, downloadSeconds: 0 } as const;
  if (mayWait && toLookUp === '*' && before.size === 0) {
    run.waiting.push({
      day,
      record: known,
      report: (counts, tickers) => run.reportDay({ ...from, tickers, ...counts, workSeconds: 0 }),
    });
    return;
  }
  const begun = clock();
  const tickers: Wanted = toLookUp === '*' ? '*' : [...toLookUp, ...before.keys()];
  const taken = await takeFromArchive(day, tickers, takeFrom(run));
  const workSeconds = (clock() - begun) / 1000;
  run.noteWorked();
  const { correct: _, ...rest } = known;
  await run.flow.offer({
    day,
    taken,
    before,
    ours: () => false,
    users: new Set(known.users),
    maybeGone: [...before.keys()],
    wanted: toLookUp,
    record: { ...rest, ...later },
    report: (counts) =>
      run.reportDay({
        ...from,
        tickers: tickers === '*' ? rowCount(taken) : tickers.length,
        ...counts,
        workSeconds,
      }),
  });
}
