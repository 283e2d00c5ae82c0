/** What is told of a day's blocked file beside it: found by hopping over its members, all but the last uninflated. */
import type { Dataset } from '#market/datasets/dataset.js';
import { HEADER_BYTES, memberSize, TRAILER_BYTES } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import { type OpenDayFile, readAt, withDayFile } from './day-file.js';
import { stretches } from './through-toc.js';
import { type DayToc, firstTickers } from './toc.js';

export interface FileFacts {
  readonly textBytes: number;
  readonly firstTicker: string;
  readonly lastTicker: string;
}

/** No byte of UTF-8 is as high. */
const BEHIND_ALL = Uint8Array.of(0xff);

/** Throws ArchiveDamage or the disk's error. */
export function factsOf(file: string, toc: DayToc, dataset: Dataset): FileFacts {
  return withDayFile(file, dataset, (open) => {
    const tickers = firstTickers(toc);
    return {
      textBytes: textBytesOf(open),
      firstTicker: textOf(tickers[0]),
      lastTicker: textOf(lastTicker(open, toc, tickers.at(-1), dataset)),
    };
  });
}

function textBytesOf(open: OpenDayFile): number {
  let all = 0;
  for (let offset = 0; offset < open.size; ) {
    const size = memberSize(readAt(open, offset, HEADER_BYTES), 0, offset);
    all += readAt(open, offset + size - TRAILER_BYTES, TRAILER_BYTES).readUInt32LE(4);
    offset += size;
  }
  return all;
}

function lastTicker(
  open: OpenDayFile,
  toc: DayToc,
  from: Uint8Array | undefined,
  dataset: Dataset,
): Uint8Array | undefined {
  if (from === undefined) return undefined;
  let last: Uint8Array | undefined;
  for (const text of stretches(open, toc, { from, to: BEHIND_ALL }, dataset)) {
    const { records, tickerBytes, tickerStarts, tickerEnds } = indexArchived(text, dataset);
    if (records > 0) last = tickerBytes.slice(tickerStarts[records - 1], tickerEnds[records - 1]);
  }
  return last;
}

function textOf(ticker: Uint8Array | undefined): string {
  return Buffer.from(ticker ?? []).toString('utf8');
}
