/**
 * The text of a ticker list. People write these by hand and export them from anywhere: one ticker a line,
 * many on a line between commas, semicolons, tabs or blanks, the first column of a table, or the column that
 * a header calls `Symbol` or `Ticker`; TradingView's with sections and exchanges; with `#` comments. What is
 * no comment is a ticker, letter for letter (case is data), but for the spellings of other sources, which
 * become the vendor's. What cannot be told apart is kept as one name: no day will hold it, and that is
 * reported.
 */
import { vendorSpelling } from '#market/tickers/vendor-spelling.js';
import { areTickers, isTable, isTickerLike } from './list-lines.js';
import { cellsOf, type ListRecord, listRecords, SECTION } from './list-records.js';

export interface TickerListOptions {
  /**
   * Whether a record may be the columns' titles, `ticker` or `symbol` (any case) among them. Default: true.
   */
  readonly header?: boolean;
}

export interface TickerListContent {
  /** Each once, in the order of their first mention. */
  readonly tickers: readonly string[];
  /** Whether there is anything but comments and white space. */
  readonly isBlank: boolean;
  /** What the text is instead of a list: `an HTML page`. */
  readonly insteadOfList: string | undefined;
}

/** The tickers of a list, each once, in the order of their first mention. Never throws. */
export function parseTickerList(text: string, options: TickerListOptions = {}): readonly string[] {
  return readTickerList(text, options).tickers;
}

/** Never throws. */
export function readTickerList(text: string, { header = true }: TickerListOptions = {}): TickerListContent {
  const insteadOfList = PAGES.find(([begins]) => begins.test(text))?.[1];
  if (insteadOfList !== undefined) return { tickers: [], isBlank: false, insteadOfList };
  const delimiter = header ? delimiterOfTable(text) : undefined;
  const records = listRecords(text, delimiter === undefined ? DELIMITERS : [delimiter]);
  const names = delimiter === undefined ? namesOf(records, header) : columnOf(records);
  return {
    tickers: [...new Set(names.map(vendorSpelling))],
    isBlank: records.length === 0,
    insteadOfList: undefined,
  };
}

const PAGES: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(?:!doctype|html|head|body|table|\?xml|!--)/i, 'an HTML page'],
  [/^\s*\{\\rtf/, 'an RTF document'],
  [/^%PDF-/, 'a PDF document'],
];

const DELIMITERS = ['\t', ';', ','] as const;
const TITLE = /^(?:(?:stock|ticker|security)[\s_]*)?(?:ticker|symbol)s?$/i;
/** Brokers put the account and the date above the titles. */
const LINES_BEFORE_TITLES = 20;

/** What parts the cells of a table with titles, the tickers' among them; undefined where there is none. */
function delimiterOfTable(text: string): string | undefined {
  const lines = text.slice(0, 65_536).split(/[\r\n]+/, LINES_BEFORE_TITLES);
  for (const line of lines) {
    if (!/ticker|symbol/i.test(line) || areTickers(cellsOf(line, DELIMITERS))) continue;
    for (const delimiter of DELIMITERS) {
      if (isTitles(cellsOf(line.replaceAll('"', ''), [delimiter]))) return delimiter;
    }
  }
  return undefined;
}

function isTitles(cells: ListRecord): boolean {
  return cells.length > 1 && cells.some((cell) => TITLE.test(cell));
}

/** A cell of several words is no ticker but a line of totals, or of cash. */
function columnOf(records: readonly ListRecord[]): readonly string[] {
  const titles = records.findIndex(isTitles);
  const column = records[titles]?.findIndex((cell) => TITLE.test(cell)) ?? 0;
  return records.slice(titles + 1).flatMap((cells) => {
    const cell = cells[column] ?? '';
    return cell === '' || /\s/.test(cell) ? [] : [cell];
  });
}

/** Of a text without titles. `header`: whether the first name may be the title of the only column. */
function namesOf(records: readonly ListRecord[], header: boolean): readonly string[] {
  const entries = records.map((cells) => withoutNumber(withoutSections(cells)));
  const words = entries.map(wordsOf);
  const lists = words.filter((record) => record.length > 1 && areTickers(record));
  const inTable = isTable(lists);
  const names = words.flatMap((record, i) => {
    if (record.length > 1 && areTickers(record) && entries[i]?.[0] !== '')
      return inTable ? record.slice(0, 1) : record;
    return firstName(entries[i]?.[0] ?? '');
  });
  return header && TITLE.test(names[0] ?? '') ? names.slice(1) : names;
}

/** Behind a section's title stand tickers, or the rest of the title. */
function withoutSections(cells: ListRecord): ListRecord {
  if (!cells.some((cell) => cell.startsWith(SECTION))) return cells;
  const others = cells.filter((cell) => !cell.startsWith(SECTION));
  return others.every(isTickerLike) ? others : [];
}

/** `1. AAPL`, `- AAPL`, and `1,AAPL` out of a table. */
function withoutNumber(cells: ListRecord): ListRecord {
  const [first = '', ...others] = cells;
  if (others.length > 0 && /^\d+[.)]?$/.test(first)) return others;
  return /^[-*•\d]/.test(first) ? [first.replace(/^(?:[-*•]|\d+[.)])\s+/, ''), ...others] : cells;
}

function wordsOf(cells: ListRecord): readonly string[] {
  const [first = ''] = cells;
  if (cells.length === 1 && !/\s/.test(first)) return cells;
  return cells.flatMap((cell) => cell.split(/[\s|]+/)).filter(Boolean);
}

/** `AAPL Apple Inc.` is a ticker and its company's name; `A few words` are kept as they are. */
function firstName(cell: string): readonly string[] {
  if (cell === '') return [];
  const [first = '', second = 'a'] = cell.split(/\s+/, 2);
  const named = (isTickerLike(first) || TITLE.test(first)) && !/^[a-z]/.test(second);
  return [named ? first : cell];
}
