/**
 * data_cache/adjusted kept up: of each stock's series a file with adjusted prices. A file is written again
 * only when its raw series, or what happened to its ticker by today, is another one.
 */
import { statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Actions } from '#market/adjust/actions.js';
import { barWithAdjClose } from '#market/adjust/adjusted-bar.js';
import { dayIn } from '#market/calendar/zone.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import type { Ownership } from '#market/tickers/owners.js';
import { type FileStamp, type Replacement, removeTemporaries, replaceFiles } from '#platform/disk/durable.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { stampOf } from '#platform/disk/stamp.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import type { Duck } from '#store/lake/duckdb.js';
import {
  ADJUSTED_HEADER,
  type AdjustedFile,
  adjustedFolder,
  readAdjustedRecord,
  writeAdjustedRecord,
} from '#store/series/adjusted-files.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import { parseSeries } from '#store/series/series-file.js';
import { ownersIn, readIdentity } from '#tasks/identity/read-identity.js';
import { adjustedRows } from './adjuster.js';
import { eventsMark } from './events-mark.js';
import type { TickerNote } from './open-adjuster.js';
import { readActions } from './read-actions.js';

export interface KeptAdjusted {
  readonly folder: string;
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly notes: readonly TickerNote[];
  /** Series that cannot be read: their adjusted file stays as it was. */
  readonly unreadable: readonly string[];
}

/** Tickers whose events are read together. */
const TOGETHER = 2000;
/** Text that is written behind one barrier, bytes. */
const BATCH_BYTES = 24 << 20;

export interface KeepAdjustedTools {
  readonly duck: () => Promise<Duck>;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Under the folder's lock. Throws the disk's error, or the signal's reason; what is written by then stays. */
export async function keepAdjusted(
  dataFolder: DataFolder,
  { duck, now, signal }: KeepAdjustedTools,
): Promise<KeptAdjusted> {
  const { layout, progress } = dataFolder;
  const { checkLock } = progress;
  const rawFolder = seriesFolder(layout, stocksDaily);
  const folder = adjustedFolder(layout);
  await removeTemporaries(folder);
  const today = dayIn(stocksDaily.publication.timeZone, now);
  const known = await readAdjustedRecord(layout);
  const record = new Map<string, AdjustedFile>();
  const files = (await namesIn(rawFolder)).flatMap((name) => {
    const ticker = tickerOfFileName(name, stocksDaily.series);
    return ticker === undefined ? [] : [{ name, ticker }];
  });
  const tally = { written: 0, unchanged: 0, notes: [] as TickerNote[], unreadable: [] as string[] };
  let waiting: { name: string; replacement: Replacement; raw: FileStamp; events: string }[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await replaceFiles(
      waiting.map(({ replacement }) => replacement),
      checkLock,
    );
    for (const { name, raw, events, replacement } of waiting)
      record.set(name, { raw, events, own: stampOf(statSync(replacement.file)) });
    tally.written += waiting.length;
    waiting = [];
    bytes = 0;
  };
  for (let at = 0; at < files.length; at += TOGETHER) {
    const slice = files.slice(at, at + TOGETHER);
    const of = await eventsOf(
      slice.map(({ ticker }) => ticker),
      layout,
      await duck(),
    );
    for (const { name, ticker } of slice) {
      signal.throwIfAborted();
      const raw = stampOf(statSync(path.join(rawFolder, name)));
      const { actions, owners } = of(ticker);
      const events = eventsMark(actions, owners, today);
      const before = known.get(name);
      const own = statSync(path.join(folder, name), { throwIfNoEntry: false });
      if (
        before !== undefined &&
        own !== undefined &&
        isSame(before.raw, raw) &&
        before.events === events &&
        isSame(before.own, stampOf(own))
      ) {
        record.set(name, before);
        tally.unchanged++;
        continue;
      }
      const parsed = parseSeries(
        readBytesIfThereSync(path.join(rawFolder, name)) ?? new Uint8Array(),
        stocksDaily.series,
      );
      if (!parsed.ok) {
        tally.unreadable.push(name);
        if (before !== undefined) record.set(name, before);
        continue;
      }
      const adjusted = adjustedRows(
        { rows: parsed.rows, actions, owners, asOf: today, calendar: stocksDaily.calendar, isNow: true },
        barWithAdjClose,
      );
      // What lies before the first close touches no row, and would be told every night.
      for (const note of adjusted.notes)
        if (note.kind !== 'dividend ignored: no close before') tally.notes.push({ ticker, note });
      let text = ADJUSTED_HEADER;
      for (const { day, values } of adjusted.rows) text += `${day},${values}\n`;
      waiting.push({ name, raw, events, replacement: { file: path.join(folder, name), content: text } });
      bytes += text.length;
      if (bytes >= BATCH_BYTES) await flush();
    }
  }
  await flush();
  // Those whose series went are nobody's; what barloom did not write stays.
  const gone = [...known.keys()].filter((name) => !record.has(name) && !tally.unreadable.includes(name));
  for (const name of gone) await rm(path.join(folder, name), { force: true });
  if (tally.written + gone.length > 0) await writeAdjustedRecord(layout, record, checkLock);
  return { folder, ...tally, removed: gone.length };
}

interface Events {
  readonly actions: Actions | undefined;
  readonly owners: readonly Ownership[];
}

async function eventsOf(
  tickers: readonly string[],
  layout: DataFolder['layout'],
  duck: Duck,
): Promise<(ticker: string) => Events> {
  const actions = await readActions(layout, tickers, duck);
  const identity = await readIdentity(layout, [...actions.keys()], duck);
  return (ticker) => {
    const own = actions.get(ticker);
    return { actions: own, owners: own === undefined ? [] : ownersIn(identity, ticker) };
  };
}

function isSame(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
