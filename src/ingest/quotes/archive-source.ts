/**
 * Quotes out of the archive's `stocks_quotes`, a stretch of a day at a time. The consolidator's sequence number
 * orders quotes of one nanosecond, and the file mostly has them so; a day that is not in order is sorted whole.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { stocksQuotes } from '#market/datasets/stocks.js';
import type { Quote } from '#market/quotes/quote.js';
import { SourceError } from '#platform/http/source-error.js';
import { eachBlock } from '#store/archive/day-blocks.js';
import { openArchive } from '#store/archive/store.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { QuoteSource } from './source.js';

export function archiveSource(layout: FolderLayout): QuoteSource {
  const archive = openArchive(layout, stocksQuotes);
  const held = new Set(archive.days());
  return {
    from: 'archive',
    readDay: async (symbol, day, taker, signal) => {
      if (!held.has(day)) throw lacking(day);
      let last: Quote | undefined;
      let isSorted = true;
      const eachQuotes = (take: (quotes: readonly Quote[]) => undefined | 'enough'): void => {
        eachBlock({ archive, dataset: stocksQuotes }, day, Buffer.from(symbol), (block) => {
          signal.throwIfAborted();
          return take(quotesIn(block.toString('utf8')));
        });
      };
      eachQuotes((quotes) => {
        for (const quote of quotes) {
          if (last !== undefined && inOrder(quote, last) < 0) isSorted = false;
          last = quote;
        }
        if (isSorted) taker.take(quotes);
        return isSorted ? undefined : 'enough';
      });
      if (isSorted) return;
      taker.again();
      const all: Quote[] = [];
      eachQuotes((quotes) => {
        for (const quote of quotes) all.push(quote);
        return undefined;
      });
      taker.take(all.sort(inOrder));
    },
  };
}

/** By moment, then by sequence number; otherwise as they stand. */
function inOrder(a: Quote, b: Quote): number {
  if (a.tsNs !== b.tsNs) return a.tsNs.padStart(20, '0') < b.tsNs.padStart(20, '0') ? -1 : 1;
  return a.sequence === null || b.sequence === null ? 0 : Number(a.sequence) - Number(b.sequence);
}

function lacking(day: IsoDay): SourceError {
  return new SourceError(
    'not-found',
    `the archive has no quotes of ${day}: barloom populate -t stocks_quotes --start ${day} --end ${day} fetches the whole market's`,
  );
}

const NAMES: readonly string[] = stocksQuotes.series.values === 'bar' ? [] : stocksQuotes.series.values;
const AT = (name: string): number => NAMES.indexOf(name);
const [BID, BID_SIZE, BID_EXCHANGE] = [AT('bid_price'), AT('bid_size'), AT('bid_exchange')];
const [ASK, ASK_SIZE, ASK_EXCHANGE] = [AT('ask_price'), AT('ask_size'), AT('ask_exchange')];
const [CONDITIONS, TAPE, SEQUENCE, STAMP] = [
  AT('conditions'),
  AT('tape'),
  AT('sequence_number'),
  AT('sip_timestamp'),
];

/** Lines of a series: the local date-time, then the vendor's columns. A record without a stamp is no quote. */
function quotesIn(block: string): readonly Quote[] {
  const quotes: Quote[] = [];
  for (const line of block.split('\n')) {
    const cells = cellsOf(line.slice(line.indexOf(',') + 1));
    const tsNs = cells[STAMP] ?? '';
    if (!/^\d{10,19}$/.test(tsNs)) continue;
    quotes.push({
      tsNs,
      bidPrice: numberOf(cells[BID]),
      bidSize: numberOf(cells[BID_SIZE]),
      bidExchange: codeOf(cells[BID_EXCHANGE]),
      askPrice: numberOf(cells[ASK]),
      askSize: numberOf(cells[ASK_SIZE]),
      askExchange: codeOf(cells[ASK_EXCHANGE]),
      conditions: textOf(cells[CONDITIONS]),
      tape: codeOf(cells[TAPE]),
      sequence: textOf(cells[SEQUENCE]),
    });
  }
  return quotes;
}

function cellsOf(values: string): readonly string[] {
  if (!values.includes('"')) return values.split(',');
  return Array.from(
    `,${values}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g),
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? null : Number(text);
}

function textOf(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

/** 0 is no exchange, and no tape. */
function codeOf(text: string | undefined): string | null {
  return text === '0' ? null : textOf(text);
}
