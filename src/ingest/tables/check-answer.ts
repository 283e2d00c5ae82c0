/**
 * Whether what came is what was asked for. The vendor ignores a parameter that it does not know, and a load
 * that believes the answer all the same takes one thing for another.
 */
import type { TableType } from '#market/tables/table-type.js';
import type { Row } from '#vendors/rest/records.js';
import { ShapeError } from '#vendors/rest/shape-error.js';
import type { TableWindow } from './window.js';

/** Throws ShapeError for the first row that was not asked for. */
export function checkAnswer(
  { name, ticker }: TableType,
  { range, tickers }: TableWindow,
  rows: readonly Row[],
): void {
  const wanted = tickers === undefined || ticker === undefined ? undefined : new Set(tickers);
  for (const row of rows) {
    if (range !== undefined) {
      const { column, from = '', before = '9' } = range;
      const value = row[column];
      const day = typeof value === 'string' ? value.slice(0, 10) : undefined;
      if (day !== undefined && (day < from || day >= before))
        throw new ShapeError(
          name,
          `a record of ${column} ${day} came, and ${told(from, before)} was asked for`,
        );
    }
    if (wanted !== undefined && ticker !== undefined && !belongs(row[ticker], wanted))
      throw new ShapeError(
        name,
        `a record of ${shown(row[ticker])} came, and ${[...wanted].slice(0, 3).join(', ')} was asked for`,
      );
  }
}

function belongs(value: unknown, wanted: ReadonlySet<string>): boolean {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  return names.some((name) => typeof name === 'string' && wanted.has(name));
}

function shown(value: unknown): string {
  return String(JSON.stringify(value ?? null)).slice(0, 60);
}

function told(from: string, before: string): string {
  return [...(from === '' ? [] : [`${from} or later`]), ...(before === '9' ? [] : [`before ${before}`])].join(
    ', ',
  );
}
