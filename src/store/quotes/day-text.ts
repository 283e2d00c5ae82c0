/**
 * The text that a day's file is made of: a line a row, numbers shortest, nothing quoted that need not be. Text,
 * because DuckDB reads it in its own threads ten times as fast as rows can be handed to it from JavaScript.
 */
import { closeSync, openSync } from 'node:fs';
import type { Quote } from '#market/quotes/quote.js';
import { isThere } from '#market/quotes/quote.js';
import { nextOrd, type QuoteLines } from '#market/quotes/quote-lines.js';
import type { Kept } from '#market/quotes/reduce.js';
import type { Reduction } from '#market/quotes/reduction.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { writeFully } from '#platform/disk/write.js';

export interface DayText {
  readonly file: string;
  readonly rows: number;
}

export interface DayTextWriter {
  readonly add: (row: Kept<Quote>) => void;
  /** For who writes lines himself, of whole quotes. */
  readonly lines: QuoteLines;
  /** Writes what is left and closes the file. Throws the disk's error. */
  end(): DayText;
}

/** A large page of quotes, and more. */
const BUFFER_BYTES = 2 << 20;
/** Of a line that is made of a quote: numbers, a few short texts; longer ones have more room made for them. */
const LINE_BYTES = 512;

/** Rows come in the order of their moments. Throws the disk's error. */
export function newDayText(file: string, reduction: Reduction | undefined): DayTextWriter {
  const descriptor = openSync(file, 'w', FILE_MODE);
  const flush = (): void => {
    try {
      writeFully(descriptor, lines.target.subarray(0, lines.at));
    } catch (error) {
      throw about(error, file);
    }
    lines.at = 0;
  };
  const lines: QuoteLines = {
    target: Buffer.allocUnsafeSlow(BUFFER_BYTES),
    ...{ at: 0, rows: 0, seconds: -1, nanoseconds: -1, ord: 0 },
    makeRoom: (bytes) => {
      if (lines.at + bytes <= lines.target.length) return;
      flush();
      if (bytes > lines.target.length) lines.target = Buffer.allocUnsafeSlow(bytes);
    },
  };
  const lineOf = lineMaker(lines, reduction);
  return {
    lines,
    add: (row) => {
      const line = lineOf(row);
      lines.makeRoom(Math.max(LINE_BYTES, 4 * line.length));
      lines.at += lines.target.write(line, lines.at);
      lines.rows++;
    },
    end: () => {
      try {
        flush();
      } finally {
        closeSync(descriptor);
      }
      return { file, rows: lines.rows };
    },
  };
}

function lineMaker(lines: QuoteLines, reduction: Reduction | undefined): (row: Kept<Quote>) => string {
  const quoted = newQuoter();
  const common = (ts: string, { bid, ask }: Kept<Quote>): string => {
    const ord = nextOrd(lines, Number(ts.slice(0, -9)), Number(ts.slice(-9)));
    return (
      `${ts},${ord},${bid?.bidPrice ?? ''},${bid?.bidSize ?? ''},${quoted(bid?.bidExchange)},` +
      `${ask?.askPrice ?? ''},${ask?.askSize ?? ''},${quoted(ask?.askExchange)}`
    );
  };
  const whole = (ts: string, row: Kept<Quote>): string =>
    `${common(ts, row)},${quoted(row.bid?.conditions)},${quoted(row.bid?.tape)},${row.bid?.sequence ?? ''}`;
  const start = ({ second }: Kept<Quote>): string => `${second}000000000`;
  switch (reduction?.second) {
    case undefined:
      return (row) => `${whole(row.bid?.tsNs ?? '', row)}\n`;
    case 'best':
      return (row) =>
        `${common(start(row), row)},,${quoted(row.bid?.tape ?? row.ask?.tape)},,${relation(row)}\n`;
    default:
      return (row) => `${whole(start(row), row)},${row.bid?.tsNs ?? ''}\n`;
  }
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
