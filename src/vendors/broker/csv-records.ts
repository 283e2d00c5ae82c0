/**
 * Records of a CSV that people and spreadsheets wrote: any of three separators, quotes (RFC 4180), any line
 * end.
 */

export interface CsvRecord {
  /** The line it begins in, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvText {
  readonly records: readonly CsvRecord[];
  /** The line of a quote that nothing closes; what follows it is in no record. */
  readonly openQuote?: number;
}

const SEPARATORS = [',', ';', '\t'] as const;

/** The separator that stands most often in the first line, outside quotes. Blank lines are no records. */
export function readCsv(text: string): CsvText {
  const header = text.slice(0, text.search(/[\r\n]|$/)).replaceAll(/"[^"]*"/g, '');
  const separator = SEPARATORS.reduce((best, one) => (times(header, one) > times(header, best) ? one : best));
  const cell = new RegExp(`"((?:[^"]|"")*)"[^${separator}\\r\\n]*|([^${separator}\\r\\n]*)`, 'y');
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let [line, begun] = [1, 1];
  for (let at = 0; at < text.length; ) {
    cell.lastIndex = at;
    const [whole = '', quoted, plain = ''] = cell.exec(text) ?? [];
    if (quoted === undefined && plain.startsWith('"')) return { records, openQuote: line };
    cells.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (quoted !== undefined) line += times(quoted, '\n');
    at += whole.length;
    if (text[at] === separator) {
      at++;
      if (at < text.length) continue;
      cells.push('');
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    line++;
    if (cells.some((one) => one !== '')) records.push({ line: begun, cells });
    cells = [];
    begun = line;
  }
  return { records };
}

function times(text: string, part: string): number {
  return text.split(part).length - 1;
}
