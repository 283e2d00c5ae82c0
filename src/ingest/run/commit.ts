/**
 * Gives archive files their final names and records their days, many at a time: while one group is being made
 * durable the next one gathers, so that the waits for the disk are shared.
 */
import { rename, rm } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { setAside, syncFolder } from '#platform/disk/durable.js';
import type { DayRecord } from '#store/ledger/model.js';
import type { ProgressStore } from '#store/ledger/store.js';

export interface CommitDay {
  readonly day: IsoDay;
  readonly temporary: string;
  readonly file: string;
  readonly record: DayRecord;
  /** What has to be known before an older copy is gone: see DayRecord.correct. */
  readonly ahead: DayRecord | undefined;
  /** Whether an older copy stands there that cannot be read, and is kept aside. */
  readonly damaged: boolean;
}

export interface Committer {
  /** Resolves when the file is durable under its name and the day is recorded. */
  commit(day: CommitDay): Promise<void>;
}

export function openCommitter(options: {
  readonly folder: string;
  readonly dataset: string;
  readonly progress: ProgressStore;
  readonly now: Date;
  /** How long a group gathers, ms. */
  readonly gatherMs: number;
  /** Done before a file gets its name. */
  readonly claimArchive: () => Promise<void>;
}): Committer {
  let waiting: { day: CommitDay; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let running = false;

  const commitGroup = async (days: readonly CommitDay[]): Promise<void> => {
    const step = (day: IsoDay, record: DayRecord) =>
      ({ step: 'day', dataset: options.dataset, day, record }) as const;
    const ahead = days.flatMap(({ day, ahead }) => (ahead === undefined ? [] : [step(day, ahead)]));
    if (ahead.length > 0) await options.progress.record(ahead);
    await options.claimArchive();
    await options.progress.checkLock();
    for (const { temporary, file, damaged } of days) {
      if (damaged) await setAside(file, 'damaged', options.now);
      await rename(temporary, file);
    }
    await syncFolder(options.folder);
    await options.progress.record(days.map(({ day, record }) => step(day, record)));
  };
  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, options.gatherMs));
      const group = waiting;
      waiting = [];
      try {
        await commitGroup(group.map(({ day }) => day));
        for (const { resolve } of group) resolve();
      } catch (error) {
        // What has no name yet takes room, and the next run fetches it again.
        for (const { day } of group) await rm(day.temporary, { force: true }).catch(() => undefined);
        for (const { reject } of group) reject(error);
      }
    }
    running = false;
  };
  return {
    commit: (day) =>
      new Promise((resolve, reject) => {
        waiting.push({ day, resolve, reject });
        if (!running) void run();
      }),
  };
}
