/**
 * The text that a day's file is made of: a line a row, numbers shortest, nothing quoted that need not be. Text,
 * because DuckDB reads it in its own threads ten times as fast as rows can be handed to it from JavaScript.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Quote } from '#market/quotes/quote.js';
import { isThere } from '#market/quotes/quote.js';
import type { Kept } from '#market/quotes/reduce.js';
import type { Reduction } from '#market/quotes/reduction.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';

export interface DayText {
  readonly file: string;
  readonly rows: number;
}

export interface DayTextWriter {
  readonly add: (row: Kept<Quote>) => void;
  /** Writes what has been added. Throws the disk's error. */
  flush(): void;
  /** Closes the file. */
  end(): DayText;
}

/** Rows come in the order of their moments. Throws the disk's error. */
export function newDayText(file: string, reduction: Reduction | undefined): DayTextWriter {
  const descriptor = openSync(file, 'w', FILE_MODE);
  const quoted = newQuoter();
  let waiting = '';
  let rows = 0;
  let lastNs = '';
  let ord = 0;
  const common = (ts: string, { bid, ask }: Kept<Quote>): string => {
    ord = ts === lastNs ? ord + 1 : 0;
    lastNs = ts;
    return (
      `${ts},${ord},${bid?.bidPrice ?? ''},${bid?.bidSize ?? ''},${quoted(bid?.bidExchange)},` +
      `${ask?.askPrice ?? ''},${ask?.askSize ?? ''},${quoted(ask?.askExchange)}`
    );
  };
  const whole = (ts: string, row: Kept<Quote>): string =>
    `${common(ts, row)},${quoted(row.bid?.conditions)},${quoted(row.bid?.tape)},${row.bid?.sequence ?? ''}`;
  const lineOf = ((): ((row: Kept<Quote>) => string) => {
    if (reduction?.second === undefined) return (row) => whole(row.bid?.tsNs ?? '', row);
    const start = ({ second }: Kept<Quote>): string => `${second}000000000`;
    if (reduction.second !== 'best') return (row) => `${whole(start(row), row)},${row.bid?.tsNs ?? ''}`;
    return (row) => `${common(start(row), row)},,${quoted(row.bid?.tape ?? row.ask?.tape)},,${relation(row)}`;
  })();
  return {
    add: (row) => {
      waiting += `${lineOf(row)}\n`;
      rows++;
    },
    flush: () => {
      const bytes = Buffer.from(waiting);
      waiting = '';
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      } catch (error) {
        throw about(error, file);
      }
    },
    end: () => {
      closeSync(descriptor);
      return { file, rows };
    },
  };
}

/** Crossed, locked: of the best bid and ask of a second, which may be two quotes'. */
function relation({ bid, ask }: Kept<Quote>): string {
  const [price, other] = [bid?.bidPrice ?? null, ask?.askPrice ?? null];
  if (!isThere(price) || !isThere(other)) return 'false,false';
  return `${price > other},${price === other}`;
}

/** Few texts come again and again; blanks stand for nothing. */
function newQuoter(): (text: string | null | undefined) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (text === null || text === undefined) return '';
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = /[",\r\n\\]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text.trim();
    if (known.size < MOST_KNOWN) known.set(text, made);
    return made;
  };
}

const MOST_KNOWN = 10_000;
