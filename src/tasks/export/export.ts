/**
 * Tickers' rows, or bars made of them, one ticker behind the other, to wherever they go. Memory holds a
 * ticker at a time, or some hundred out of the archive.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isLineADay } from '#market/datasets/series-form.js';
import type { Row } from '#store/series/row.js';
import {
  archiveRows,
  type DamagedDay,
  hasSeries,
  type ReadContext,
  readArchive,
  readSeries,
  unknownToArchive,
} from '#tasks/history/history.js';
import type { Format } from './format.js';
import { linesOf, portionsOf, type Wording } from './lines.js';

export interface Chosen {
  /** Those that have a series or are in the archive, in the order in which they were asked for. */
  readonly tickers: readonly string[];
  /** Those of them that are read out of the archive. */
  readonly archived: ReadonlySet<string>;
  /** Those of them that have no series. */
  readonly untracked: readonly string[];
  /** In no series and in no day of the archive. */
  readonly unknown: readonly string[];
}

/** Where each ticker's rows are. Throws the disk's error. */
export function choose(
  tickers: readonly string[],
  readContext: ReadContext,
  from: 'series' | 'archive' = 'series',
): Chosen {
  const untracked = tickers.filter((ticker) => !hasSeries(readContext, ticker));
  const without = from === 'archive' ? tickers : untracked;
  const unknown = new Set(without.length === 0 ? [] : unknownToArchive(readContext, without));
  return {
    tickers: tickers.filter((ticker) => !unknown.has(ticker)),
    untracked: untracked.filter((ticker) => !unknown.has(ticker)),
    archived: new Set(without.filter((ticker) => !unknown.has(ticker))),
    unknown: [...unknown],
  };
}

export interface ExportRequest {
  readonly chosen: Chosen;
  readonly readContext: ReadContext;
  /** Both days included. */
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly wording: Wording;
  readonly format: Format;
  /** Makes other rows of a ticker's whole history; undefined: they stay as they are. */
  readonly historyOf?: ((ticker: string, rows: Iterable<Row>) => Iterable<Row>) | undefined;
  /** Resolves when more can be taken; to false where nobody reads on. */
  readonly write: (text: string) => Promise<boolean>;
  readonly signal: AbortSignal;
}

export interface ExportTally {
  /** Lines that were written. */
  readonly rows: number;
  readonly tickers: number;
  /** Without a row in the range. */
  readonly empty: readonly string[];
  /** With rows that are no bars, where bars were to be made: they are left out. */
  readonly odd: readonly string[];
  /** Quotes that a reduction left out. */
  readonly reduced: number;
  /** Series that cannot be read: their rows are missing. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  readonly damaged: readonly DamagedDay[];
  readonly ended: 'whole' | 'reader gone' | 'stopped';
}

/** Throws the disk's error, and what `write` throws. */
export async function exportHistories(request: ExportRequest): Promise<ExportTally> {
  const { chosen, wording, format, write, signal } = request;
  const tally = {
    rows: 0,
    tickers: 0,
    empty: [] as string[],
    odd: [] as string[],
    reduced: 0,
    unreadable: [] as { file: string; reason: string }[],
  };
  const archive = archiveReader(request);
  const ended = (how: ExportTally['ended']): ExportTally => ({
    ...tally,
    damaged: archive.damaged(),
    ended: how,
  });

  let waiting = format.begin();
  for (const ticker of chosen.tickers) {
    if (signal.aborted) return ended('stopped');
    const read = rowsOf(ticker, request, archive);
    if (!('rows' in read)) {
      tally.unreadable.push(read);
      continue;
    }
    tally.tickers++;
    let isEmpty = true;
    const rows = heard(read.rows, () => {
      isEmpty = false;
    });
    const odd = (): void => {
      if (tally.odd.at(-1) !== ticker) tally.odd.push(ticker);
    };
    const lines = linesOf(rows, wording, odd, (more) => {
      tally.reduced += more;
    });
    for (const portion of portionsOf(lines, LINES_AT_ONCE)) {
      if (signal.aborted) return ended('stopped');
      tally.rows += portion.length;
      waiting += format.lines(ticker, portion);
      if (waiting.length < WRITTEN_AT_ONCE) continue;
      if (!(await write(waiting))) return ended('reader gone');
      waiting = '';
    }
    if (isEmpty) tally.empty.push(ticker);
  }
  return ended((await write(waiting + format.end())) ? 'whole' : 'reader gone');
}

/** Characters: most tickers are a few kB, and a write for each would take longer than reading it. */
const WRITTEN_AT_ONCE = 1 << 18;
/** A ticker's minutes of years are a million. */
const LINES_AT_ONCE = 4096;

type ReadRows = { readonly rows: Iterable<Row> } | { readonly file: string; readonly reason: string };

function rowsOf(
  ticker: string,
  { chosen, readContext, range, historyOf }: ExportRequest,
  archive: ArchiveReader,
): ReadRows {
  const shown = (rows: Iterable<Row>): ReadRows => ({
    rows: within(historyOf === undefined ? rows : historyOf(ticker, rows), range),
  });
  if (chosen.archived.has(ticker)) return shown(archive.rowsOf(ticker));
  const series = readSeries(readContext, ticker);
  // A series that has gone since is as one without rows.
  if (series.state === 'none') return { rows: [] };
  return series.state === 'read' ? shown(series.rows) : { file: series.file, reason: series.reason };
}

function* within(rows: Iterable<Row>, { start, end }: ExportRequest['range']): Generator<Row> {
  for (const row of rows) if (row.day >= start && row.day <= end) yield row;
}

function* heard<T>(all: Iterable<T>, hear: () => void): Generator<T> {
  for (const one of all) {
    hear();
    yield one;
  }
}

interface ArchiveReader {
  rowsOf(ticker: string): Iterable<Row>;
  damaged(): readonly DamagedDay[];
}

/** Tickers that share a pass over the archive. */
const TOGETHER = 500;

/**
 * Reads ahead: tickers are asked for in the order of `chosen`. Where a day is many lines, their years are
 * more than memory should hold: a day at a time.
 */
function archiveReader({ chosen, readContext, range, historyOf }: ExportRequest): ArchiveReader {
  const waiting = chosen.tickers.filter((ticker) => chosen.archived.has(ticker));
  // What a day is made of may lie anywhere.
  const holds = (day: IsoDay): boolean => historyOf !== undefined || (day >= range.start && day <= range.end);
  const damaged: DamagedDay[] = [];
  let read: ReadonlyMap<string, readonly Row[]> = new Map();
  return {
    rowsOf: (ticker) => {
      if (!isLineADay(readContext.dataset.series)) return archiveRows(readContext, ticker, holds, damaged);
      if (!read.has(ticker)) {
        const batch = readArchive(readContext, waiting.splice(0, TOGETHER), holds);
        damaged.push(...batch.damaged);
        read = batch.rows;
      }
      return read.get(ticker) ?? [];
    },
    damaged: () => [...new Map(damaged.map((one) => [one.day, one])).values()],
  };
}
