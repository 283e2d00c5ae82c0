/**
 * Leaves a trace of a run for whoever looks on: how far it is, at most once a second, and what it came to. A
 * run that finds nothing to do leaves none, unless the one before ended otherwise: running again rewrites
 * nothing.
 */

import type { PopulateEvent } from '#ingest/run/events.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type RunRecord, readRun, writeRun } from '#store/ledger/run-file.js';

export interface RunRecorder {
  hear(event: PopulateEvent): void;
  /** To be called while the lock is held: then nobody takes a run that is ending for one that was killed. */
  end(exitCode: number, at: Date): Promise<void>;
}

export interface RunRecorderOptions {
  readonly dataDir: string;
  readonly dataset: string;
  readonly command: string;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly pid: number;
  readonly now: Date;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

const PAUSE_MS = 1000;

export function newRunRecorder(options: RunRecorderOptions): RunRecorder {
  const { dataDir, dataset, command, pid, now, clock } = options;
  const range = { start: options.range.start, end: options.range.end };
  const counts = { days: 0, done: 0, fetched: 0, from_archive: 0, downloaded: 0 };
  let plannedAt: number | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const write = (ended: string | null, exitCode: number | null): void => {
    clearTimeout(timer);
    timer = undefined;
    writtenAt = clock();
    const seconds = plannedAt === undefined ? 0 : Math.round(clock() - plannedAt) / 1000;
    const started = now.toISOString();
    const run: RunRecord = {
      ...{ command, dataset, pid, started, range, ...counts, seconds, ended },
      exit_code: exitCode,
    };
    try {
      writeRun(dataDir, run);
    } catch {
      // A disk that is full or gone ends the run where its data do not fit, not here.
    }
  };
  const writeSoon = (): void => {
    const wait = writtenAt + PAUSE_MS - clock();
    if (wait <= 0) write(null, null);
    else timer ??= setTimeout(() => write(null, null), wait).unref();
  };
  return {
    hear: (event) => {
      if (event.type === 'planned') {
        if (event.days === 0) return;
        counts.days = event.days;
        plannedAt = clock();
      } else if (event.type === 'worked') {
        counts.done = event.done;
        counts.downloaded = event.downloaded;
      } else if (event.type === 'day') {
        counts[event.source === 'archive' ? 'from_archive' : 'fetched']++;
      } else return;
      writeSoon();
    },
    end: async (exitCode, at) => {
      clearTimeout(timer);
      const same = plannedAt === undefined && (await readRun(dataDir))?.exit_code === exitCode;
      if (!same) write(at.toISOString(), exitCode);
    },
  };
}
