/** What the last run of matching found, as tables. */
import { adviceFor } from '#market/instruments/reasons.js';
import type { MatchSummary } from '#store/matching/match-summary.js';
import { tallied } from './match-text.js';
import { row, wrapped } from './paragraph.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

export function matchStatusText(summary: MatchSummary): string {
  const lines = [
    `Run of ${summary.at.slice(0, 16).replace('T', ' ')} UTC: ${counted(summary.instruments, 'instrument')}, ${count(summary.matched)} matched`,
    row(
      'archive',
      `${counted(summary.archive_files, 'price file')}, ${counted(summary.doubles, 'ticker')} in several folders`,
    ),
    '',
    ...table(
      ['market', 'instruments', 'matched', 'unmatched'],
      summary.by_market.map(({ market, instruments, matched }) => [
        market,
        instruments,
        matched,
        instruments - matched,
      ]),
    ),
    '',
    ...wrapped('matched by', tallied(summary.by_strategy)),
    ...wrapped('confidence', tallied(summary.by_confidence)),
    ...wrapped('prices', tallied(summary.by_data_status)),
    ...wrapped('currency', tallied(summary.by_currency_status)),
    '',
    ...reasons(summary.by_reason),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function reasons(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts).map(
    ([reason, n]) => `  ${count(n).padStart(6)}  ${safeText(reason)}: ${adviceFor(reason)}`,
  );
}

function table(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): readonly string[] {
  const cells = [
    header,
    ...rows.map((line) => line.map((cell) => (typeof cell === 'number' ? count(cell) : safeText(cell)))),
  ];
  const widths = header.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  return cells.map(
    (line) =>
      `  ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
  );
}
