/** Tickers that no day of the archive holds, with near ones, for people. At most 80 columns. */
import { indexNamed } from '#market/tickers/vendor-spelling.js';
import { paragraph } from './paragraph.js';
import { counted } from './quantities.js';
import { safeText } from './safe-text.js';

/** How many are named one by one; the --json document has all. */
const TOLD = 20;
/** A list that is none may have lines of any length. */
const WIDEST = 40;

/** '' where there are none. */
export function unknownText(
  unknown: readonly string[],
  near: Readonly<Record<string, readonly string[]>>,
): string {
  const lines = unknown.slice(0, TOLD).flatMap((ticker) => {
    const meant = meantText(ticker, near[ticker] ?? []);
    return paragraph(`${short(ticker).padEnd(7)} not tracked: no day holds it.${meant}`, '');
  });
  if (unknown.length > TOLD) lines.push(`… and ${counted(unknown.length - TOLD, 'more unknown ticker')}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** A sentence with a blank before it, or ''. */
export function meantText(ticker: string, nearest: readonly string[]): string {
  const index = indexNamed(ticker);
  if (index !== undefined) return ` The index is ${index}: give -t indices_daily.`;
  return nearest.length === 0 ? '' : ` Did you mean ${nearest.map(safeText).join(' or ')}?`;
}

export function short(ticker: string): string {
  const text = safeText(ticker);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}
