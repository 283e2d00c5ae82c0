/** What gaps found of the tables, for people. */
import type { TableGaps } from '#tasks/fetch/table-gaps.js';
import { paragraph, wrapped } from './paragraph.js';
import { safeText } from './safe-text.js';

/** How many reasons are told of a type. */
const TOLD = 3;

/** '' where nothing lacks. */
export function tableGapsText(gaps: readonly TableGaps[]): string {
  if (gaps.length === 0) return '';
  const lines = gaps.flatMap(({ type, windows, tickers, reasons }) => [
    `  ${type}`,
    ...wrapped('not loaded', windows),
    ...wrapped('failed', tickers.map(safeText)),
    ...Object.entries(reasons)
      .slice(0, TOLD)
      .flatMap(([name, reason]) => paragraph(safeText(`${name}: ${reason}`), '    ')),
  ]);
  return `${['tables', ...lines, '  barloom backfill fetches what lacks.'].join('\n')}\n`;
}
