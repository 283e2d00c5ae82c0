/** A day out of our own copy: the bars of the tickers that lack it, without the network. */

import type { PlannedDay } from '#ingest/plan/plan.js';
import { type Wanted, wantedBytes } from '#ingest/plan/wanted.js';
import { splitCorrections } from '#ingest/series/corrections.js';
import type { SpooledRows } from '#ingest/series/taken-lines.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { rowCount } from '#market/records/taken-rows.js';
import type { DayToc } from '#store/archive/toc.js';
import type { Run } from './run.js';

/** Out of the archive file; of a large day in a worker thread. Throws ArchiveDamage or the disk's error. */
export async function takeFrom(
  day: IsoDay,
  wanted: Wanted,
  { archive, pool, request: { dataset, layout } }: Pick<Run, 'archive' | 'pool' | 'request'>,
  toc?: DayToc,
): Promise<SpooledRows> {
  return dataset.inPieces
    ? pool.take({ kind: 'take', dataset: dataset.name, layout, day, toc, wanted })
    : archive.takeRows(day, wantedBytes(wanted));
}

/** Throws ArchiveDamage where the copy cannot be read. `mayWeave`: bars for every ticker may wait until all days are there. */
export async function readCopy(planned: PlannedDay, run: Run, mayWeave: boolean): Promise<void> {
  const { day, lacking, record } = planned;
  const { clock } = run.context;
  // A correction that an earlier run did not finish concerns its tickers too.
  const { now: before, later } = splitCorrections(record?.correct, run.isWanted);
  const known = planned.adopt ?? record ?? {};
  const from = { day, source: 'archive', rows: undefined, bytes: 0, downloadSeconds: 0 } as const;
  if (mayWeave && lacking === '*' && before.size === 0) {
    run.waiting.push({
      day,
      record: known,
      report: (counts, tickers) => run.reportDay({ ...from, tickers, ...counts, workSeconds: 0 }),
    });
    return;
  }
  const begun = clock();
  const tickers: Wanted = lacking === '*' ? '*' : [...lacking, ...before.keys()];
  const taken = await takeFrom(day, tickers, run);
  const workSeconds = (clock() - begun) / 1000;
  run.noteWorked();
  const { correct: _, ...settled } = known;
  await run.flow.offer({
    day,
    taken,
    before,
    ours: () => false,
    users: new Set(known.users),
    maybeGone: [...before.keys()],
    wanted: lacking,
    record: { ...settled, ...later },
    report: (counts) =>
      run.reportDay({
        ...from,
        tickers: tickers === '*' ? rowCount(taken) : tickers.length,
        ...counts,
        workSeconds,
      }),
  });
}
