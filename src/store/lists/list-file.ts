/**
 * The text of a ticker list: one ticker a line, or the first column of a CSV, with `#` comments. People write these by hand and
 * export them from anywhere, so no text is refused; what is not a comment or blank is a ticker, letter for letter. Case is data.
 *
 * A list without a quote is read line by line (a million lines a second); csv-parse is loaded for the others only.
 */
import { createRequire } from 'node:module';

type CsvParse = typeof import('csv-parse/sync');

export interface TickerListOptions {
  /** Whether a first record `ticker` or `symbol` (any case) is a column's title rather than a ticker. Default: true. */
  readonly header?: boolean;
}

/** The tickers of a list, each once, in the order of their first mention. Never throws. */
export function parseTickerList(text: string, options: TickerListOptions = {}): readonly string[] {
  const tickers = new Set<string>();
  let isFirst = options.header ?? true;
  for (const cell of (text.includes('"') ? quotedFirstCells(text) : undefined) ?? firstCells(text)) {
    const ticker = withoutComment(cell).trim();
    if (ticker === '') continue;
    if (!(isFirst && /^(?:ticker|symbol)$/i.test(ticker))) tickers.add(ticker);
    isFirst = false;
  }
  return [...tickers];
}

/** A `#` begins a comment at the start of a cell or after white space; within a word it is part of the ticker. */
function withoutComment(cell: string): string {
  if (!cell.includes('#')) return cell;
  const comment = /(?:^|\s)#/.exec(cell);
  return comment === null ? cell : cell.slice(0, comment.index);
}

function firstCells(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => {
    const comma = line.indexOf(',');
    const cell = comma === -1 ? line : line.slice(0, comma);
    return cell.replaceAll('"', '');
  });
}

/**
 * Undefined where the quotes make no sense of the text (one that is never closed, a first cell that would span lines): then a
 * stray quote would swallow tickers, and the lines are the better guide.
 */
function quotedFirstCells(text: string): readonly string[] | undefined {
  const { parse } = createRequire(import.meta.url)('csv-parse/sync') as CsvParse;
  try {
    const cells = parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    }).map((record) => record[0] ?? '');
    return cells.some((cell) => /[\r\n]/.test(cell)) ? undefined : cells;
  } catch {
    return undefined;
  }
}
