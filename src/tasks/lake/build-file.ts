/**
 * One file of bronze: its days' texts, and the file of them. What cannot be read is found out only where
 * something fails: a day's text then fails alone, and where it is the file that was there, its days are read
 * from the archive again.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { type Bronze, columnsOf, firstLine, isEngineError } from '#store/lake/bronze.js';
import { textQuery, writeBronze } from '#store/lake/bronze-writer.js';
import type { DaysBuilt } from '#store/lake/built.js';
import { type DayText, writeDayText } from '#store/lake/day-text.js';
import type { Duck } from '#store/lake/duckdb.js';
import { type Partition, partitionFile } from '#store/lake/layout.js';
import type { FailedDay } from './look-at-days.js';
import type { OpenLake } from './open-lake.js';
import type { PlannedFile } from './plan-build.js';

export interface FileNews {
  readonly partition: Partition;
  /** What was read for it. */
  readonly texts: readonly Pick<DayText, 'day' | 'proof'>[];
  readonly bytes: number;
}

export interface FileBuilder {
  /** The texts of the days that are to be taken. */
  read(file: PlannedFile): readonly DayText[];
  /** Undefined where no day of it could be read. Throws as `writeBronze` does. */
  write(file: PlannedFile, texts: readonly DayText[]): Promise<FileNews | undefined>;
  readonly failed: readonly FailedDay[];
  /** Days that a damaged file held and the archive does not. */
  readonly lost: readonly IsoDay[];
}

interface FileBuilderOptions {
  readonly dataset: Dataset;
  readonly archive: ArchiveStore;
  readonly lake: OpenLake;
  readonly bronze: Bronze;
}

export function newFileBuilder({ dataset, archive, lake, bronze }: FileBuilderOptions): FileBuilder {
  const failed: FailedDay[] = [];
  const lost: IsoDay[] = [];
  const fail = (day: IsoDay, reason: string): readonly DayText[] => {
    failed.push({ day, reason });
    return [];
  };

  const textsOf = (partition: Partition, days: readonly IsoDay[]): readonly DayText[] => {
    const folder = path.join(lake.work, partition);
    mkdirSync(folder, { recursive: true });
    return days.flatMap((day) => {
      try {
        return [writeDayText(archive, day, dataset, path.join(folder, `${day}.csv`))];
      } catch (error) {
        if (error instanceof ArchiveDamage) return fail(day, error.message);
        throw error;
      }
    });
  };

  /** Those that the database can read: text that is no UTF-8 it cannot. */
  const readable = async (texts: readonly DayText[]): Promise<readonly DayText[]> => {
    const duck = await lake.duck();
    const sound: DayText[] = [];
    for (const text of texts) {
      try {
        await duck.rows(`SELECT count(COLUMNS(*)) FROM (${textQuery([text], dataset)})`);
        sound.push(text);
      } catch (error) {
        if (!isEngineError(error)) throw error;
        fail(text.day, firstLine(error));
      }
    }
    return sound;
  };

  const keptBy = (partition: Partition, texts: readonly DayText[]): DaysBuilt => {
    const taken = new Set(texts.map(({ day }) => day));
    return new Map([...(bronze.built.get(partition)?.days ?? [])].filter(([day]) => !taken.has(day)));
  };

  const write = async (
    partition: Partition,
    texts: readonly DayText[],
    tried: 'nothing' | 'texts' | 'file',
  ): Promise<FileNews | undefined> => {
    if (texts.length === 0) return undefined;
    const file = path.join(bronze.folder, partitionFile(partition));
    const kept: DaysBuilt = tried === 'file' ? new Map() : keptBy(partition, texts);
    try {
      const days = await writeBronze({ file, kept, texts }, dataset, await lake.duck(), lake.checkLock);
      const size = await noteFile(bronze, partition, days, await lake.duck());
      return { partition, texts: texts.map(({ day, proof }) => ({ day, proof })), bytes: size };
    } catch (error) {
      if (!isEngineError(error) || tried === 'file') throw error;
      const sound = await readable(texts);
      if (tried === 'nothing' && sound.length < texts.length) return write(partition, sound, 'texts');
      if (kept.size === 0) throw error;
      const days = [...kept.keys()];
      const there = days.filter((day) => archive.isThere(day));
      lost.push(...days.filter((day) => !there.includes(day)));
      return write(partition, [...textsOf(partition, there), ...sound], 'file');
    }
  };

  return {
    failed,
    lost,
    read: ({ partition, take }) => textsOf(partition, take),
    write: async ({ partition }, texts) => {
      try {
        return await write(partition, texts, 'nothing');
      } finally {
        rmSync(path.join(lake.work, partition), { recursive: true, force: true });
      }
    },
  };
}

/** Notes a file that was just written as it is now; returns its bytes. */
export async function noteFile(
  { folder, built }: Bronze,
  partition: Partition,
  days: DaysBuilt,
  duck: Duck,
): Promise<number> {
  const file = path.join(folder, partitionFile(partition));
  const { size, mtimeMs } = await stat(file);
  built.set(partition, {
    stamp: { size, mtimeMs: Math.floor(mtimeMs) },
    sha256: await fileSha256(file),
    days,
    columns: await columnsOf(file, duck),
  });
  return size;
}
