/**
 * Each stock's series beside its adjusted file: what that was made of, what it would be made of by now, and,
 * where it is asked for, what it would hold.
 */
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Actions } from '#market/adjust/actions.js';
import { barWithAdjClose } from '#market/adjust/adjusted-bar.js';
import { dayIn } from '#market/calendar/zone.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import type { Ownership } from '#market/tickers/owners.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { type FileStamp, isSameStamp, stampOf } from '#platform/disk/stamp.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import {
  ADJUSTED_HEADER,
  type AdjustedFile,
  type AdjustedRecord,
  adjustedFolder,
} from '#store/series/adjusted-files.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import { parseSeries } from '#store/series/series-file.js';
import { ownersIn, readIdentity } from '#tasks/identity/read-identity.js';
import { adjustedRows } from './adjuster.js';
import { eventsMark } from './events-mark.js';
import type { TickerNote } from './open-adjuster.js';
import { readActions } from './read-actions.js';

export interface AdjustedState {
  /** Of both files. */
  readonly name: string;
  readonly raw: FileStamp;
  /** Of the events that count by now and of the rules. */
  readonly events: string;
  /** Of the adjusted file; undefined where there is none. */
  readonly own: FileStamp | undefined;
  readonly before: AdjustedFile | undefined;
  /** What the adjusted file would hold; undefined where the series cannot be read. */
  make(): { readonly bytes: Buffer; readonly notes: readonly TickerNote[] } | undefined;
}

/** Tickers whose events are read together. */
const TOGETHER = 2000;

export interface AdjustedTools {
  readonly duck: () => Promise<Duck>;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Ascending by name. Throws the disk's error, or the signal's reason. */
export async function* adjustedStates(
  layout: FolderLayout,
  known: AdjustedRecord,
  { duck, now, signal }: AdjustedTools,
): AsyncGenerator<AdjustedState> {
  const rawFolder = seriesFolder(layout, stocksDaily);
  const folder = adjustedFolder(layout);
  const today = dayIn(stocksDaily.publication.timeZone, now);
  const files = (await namesIn(rawFolder)).flatMap((name) => {
    const ticker = tickerOfFileName(name, stocksDaily.series);
    return ticker === undefined ? [] : [{ name, ticker }];
  });
  for (let at = 0; at < files.length; at += TOGETHER) {
    const slice = files.slice(at, at + TOGETHER);
    const tickers = slice.map(({ ticker }) => ticker);
    const of = await eventsOf(tickers, layout, await duck());
    for (const { name, ticker } of slice) {
      signal.throwIfAborted();
      const raw = path.join(rawFolder, name);
      const { actions, owners } = of(ticker);
      const own = statSync(path.join(folder, name), { throwIfNoEntry: false });
      yield {
        name,
        raw: stampOf(statSync(raw)),
        events: eventsMark(actions, owners, today),
        own: own === undefined ? undefined : stampOf(own),
        before: known.get(name),
        make: () => {
          const parsed = parseSeries(readBytesIfThereSync(raw) ?? new Uint8Array(), stocksDaily.series);
          if (!parsed.ok) return undefined;
          const adjusted = adjustedRows(
            { rows: parsed.rows, actions, owners, asOf: today, calendar: stocksDaily.calendar, isNow: true },
            barWithAdjClose,
          );
          let text = ADJUSTED_HEADER;
          for (const { day, values } of adjusted.rows) text += `${day},${values}\n`;
          // As bytes: a text that was put together of pieces keeps all of them, many times its size.
          return { bytes: Buffer.from(text), notes: adjusted.notes.map((note) => ({ ticker, note })) };
        },
      };
    }
  }
}

/** Whether the file was made of what is there now. */
export function isMadeOf({ raw, events, before }: AdjustedState): boolean {
  return before !== undefined && isSameStamp(before.raw, raw) && before.events === events;
}

/** Whether it is, by size and time, the file that was written. */
export function isAsWritten({ own, before }: AdjustedState): boolean {
  return before !== undefined && own !== undefined && isSameStamp(before.own, own);
}

interface Events {
  readonly actions: Actions | undefined;
  readonly owners: readonly Ownership[];
}

async function eventsOf(
  tickers: readonly string[],
  layout: FolderLayout,
  duck: Duck,
): Promise<(ticker: string) => Events> {
  const actions = await readActions(layout, tickers, duck);
  const owners = ownersIn(await readIdentity(layout, [...actions.keys()], duck));
  return (ticker) => {
    const own = actions.get(ticker);
    return { actions: own, owners: own === undefined ? [] : owners(ticker) };
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
