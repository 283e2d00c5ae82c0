/** The lists of a Qlib folder, as text: the calendar, the instruments, and which ticker a symbol stands for. */
import path from 'node:path';

/** By symbol: ticker, calendar indexes of its first and last day. */
export type Symbols = Map<string, readonly [ticker: string, first: number, last: number]>;

interface List {
  /** Below the folder. */
  readonly name: string;
  readonly content: string;
}

/** The calendar first, by which readers go. */
export function listsOf(days: readonly string[], symbols: Symbols): readonly [List, ...List[]] {
  const sorted = [...symbols].sort(([a], [b]) => (a < b ? -1 : 1));
  const spans = sorted.map(([symbol, [, first, last]]) => `${symbol}\t${days[first]}\t${days[last]}\n`);
  const names = sorted.map(([symbol, [ticker]]) => `${csv(symbol)},${csv(ticker)}\n`);
  return [
    { name: path.join('calendars', 'day.txt'), content: `${days.join('\n')}\n` },
    { name: path.join('instruments', 'all.txt'), content: spans.join('') },
    { name: 'symbols.csv', content: `symbol,ticker\n${names.join('')}` },
  ];
}

function csv(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
