/**
 * A broker's list as instruments. Columns are found by their header, in any case and order; others are
 * ignored, and one that is lacking is empty.
 */
import type { Instrument, ListProblem } from '#market/instruments/instrument.js';
import { readCsv } from './csv-records.js';
import { decodeList } from './list-text.js';

export interface ParsedList {
  readonly instruments: readonly Instrument[];
  readonly problems: readonly ListProblem[];
}

const COLUMNS = ['symbol', 'isin', 'market', 'name', 'currency'] as const;

export function parseList(name: string, bytes: Uint8Array): ParsedList {
  const { records, openQuote } = readCsv(decodeList(bytes).text);
  const [header, ...rows] = records;
  const problems: ListProblem[] = [];
  if (openQuote !== undefined)
    problems.push({
      line: openQuote,
      text: 'a quote that nothing closes: what follows it is not read',
      isLoss: true,
    });
  if (header === undefined) {
    problems.push({ line: 1, text: 'the list is empty', isLoss: true });
    return { instruments: [], problems };
  }
  const names = header.cells.map((cell) => cell.toLowerCase());
  const at = Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<
    (typeof COLUMNS)[number],
    number
  >;
  if (at.symbol < 0) {
    problems.push({ line: header.line, text: `no column symbol among ${names.join(', ')}`, isLoss: true });
    return { instruments: [], problems };
  }
  const lacking = COLUMNS.filter((column) => at[column] < 0);
  if (lacking.length > 0)
    problems.push({
      line: header.line,
      text: `no column ${lacking.join(', ')}: taken for empty`,
      isLoss: false,
    });
  const instruments: Instrument[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of rows) {
    const cell = (column: keyof typeof at): string => cells[at[column]] ?? '';
    const instrument: Instrument = {
      symbol: cell('symbol'),
      isin: cell('isin'),
      market: cell('market'),
      name: cell('name'),
      currency: cell('currency'),
      sourceFile: name,
    };
    if (instrument.symbol === '') {
      problems.push({ line, text: 'a row without a symbol: left out', isLoss: false });
      continue;
    }
    const key = JSON.stringify([instrument.symbol, instrument.market, instrument.isin, instrument.currency]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, line);
    else problems.push({ line, text: `${instrument.symbol} stands in line ${first} already`, isLoss: false });
    instruments.push(instrument);
  }
  return { instruments, problems };
}
