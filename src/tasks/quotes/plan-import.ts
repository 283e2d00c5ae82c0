/** Which days of which symbols an import has to take: those that are not there, or all where it is told to. */

import type { QuoteDayTask } from '#ingest/quotes/events.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isOver, quoteDays } from '#market/quotes/day.js';
import type { QuoteTable } from '#store/quotes/layout.js';
import { dayFilesOf, type QuoteDayFile } from '#store/quotes/tree.js';

export interface ImportRequest {
  readonly symbols: readonly string[];
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly table: QuoteTable;
  /** Import again what is there. */
  readonly force: boolean;
}

export interface ImportPlan {
  /** Days of symbols that were asked for. */
  readonly asked: number;
  readonly there: readonly QuoteDayFile[];
  /** How many of them stay as they are. */
  readonly kept: number;
  /** Days that are not over yet: nothing of them is taken. */
  readonly pending: readonly IsoDay[];
  /** Day by day, so that every symbol gets on. */
  readonly todo: readonly QuoteDayTask[];
}

export function planImport(
  { symbols, range, table, force }: ImportRequest,
  { quotes, now }: { readonly quotes: string; readonly now: Date },
): ImportPlan {
  const { start: from, end: to } = range;
  const days = quoteDays(from, to, table.feed);
  const over = days.filter((day) => isOver(day, now));
  const there = symbols.flatMap((symbol) => dayFilesOf(quotes, table, symbol, { from, to }));
  const known = new Set(there.map(({ symbol, day }) => `${day} ${symbol}`));
  const todo = over.flatMap((day) =>
    symbols.filter((symbol) => force || !known.has(`${day} ${symbol}`)).map((symbol) => ({ symbol, day })),
  );
  return {
    asked: days.length * symbols.length,
    there,
    kept: over.length * symbols.length - todo.length,
    pending: days.slice(over.length),
    todo,
  };
}
