/**
 * The text of a list as records of cells. Lines without a quote are split as they are (a million a second);
 * csv-parse is loaded for the others only. Comments are cut here: a `#` begins one at the start of a cell or
 * after white space; within a word it is part of the ticker.
 */
import { createRequire } from 'node:module';

type CsvParse = typeof import('csv-parse/sync');

export type ListRecord = readonly string[];

/**
 * Any of `delimiters` ends a cell. Cells are trimmed; records without any text are left out. Never throws.
 */
export function listRecords(text: string, delimiters: readonly string[]): readonly ListRecord[] {
  const records =
    (text.includes('"') ? quotedRecords(text, delimiters) : undefined) ?? lineRecords(text, delimiters);
  return records.map(withoutComment).filter((cells) => cells.some((cell) => cell !== ''));
}

/** TradingView's titles of sections, `###TECH`, are no comments: tickers may follow on the same line. */
export const SECTION = '###';

function withoutComment(cells: ListRecord): ListRecord {
  const at = cells.findIndex((cell) => cell.includes('#') && commentIn(cell) !== undefined);
  if (at === -1) return cells;
  const [cell = '', rest] = [cells[at], cells.slice(0, at)];
  // The title of a column of numbers.
  if (cell === '#' && cells.length > 1) return [...rest, '', ...withoutComment(cells.slice(at + 1))];
  return [...rest, cell.slice(0, commentIn(cell)).trim()];
}

function commentIn(cell: string): number | undefined {
  return cell.startsWith(SECTION) ? undefined : /(?:^|\s)#/.exec(cell)?.index;
}

function lineRecords(text: string, delimiters: readonly string[]): readonly ListRecord[] {
  return text
    .replaceAll('"', '')
    .split(/\r\n|\n|\r/)
    .map((line) => cellsOf(line, delimiters));
}

/** Of one line without quotes. */
export function cellsOf(line: string, delimiters: readonly string[]): ListRecord {
  const [first = ',', ...others] = delimiters;
  const alike = others.reduce((text, other) => text.replaceAll(other, first), line);
  return alike.split(first).map((cell) => cell.trim());
}

/**
 * Undefined where the quotes make no sense of the text (one that is never closed, a first cell that would
 * span lines): then a stray quote would swallow tickers, and the lines are the better guide.
 */
function quotedRecords(text: string, delimiters: readonly string[]): readonly ListRecord[] | undefined {
  const { parse } = createRequire(import.meta.url)('csv-parse/sync') as CsvParse;
  try {
    const records = parse(text.replace(COMMENT_LINES, ''), {
      bom: true,
      delimiter: [...delimiters],
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
    return records.some(([cell = '']) => /[\r\n]/.test(cell))
      ? undefined
      : records.map((cells) => cells.map((cell) => cell.trim()));
  } catch {
    return undefined;
  }
}

/** Quotes in them close nothing. */
const COMMENT_LINES = /^[^\S\r\n]*#(?!##|[^\S\r\n]*[,;\t]).*$/gm;
