/** How an instrument was looked up: every name in the order of trying, and what decided. */
import type { Explanation } from '#tasks/match/explain.js';
import { reasonText } from './match-text.js';
import { row } from './paragraph.js';
import { safeText } from './safe-text.js';

export function explainText(explanations: readonly Explanation[]): string {
  return explanations.map(oneText).join('\n');
}

function oneText({ instrument, venue, tried, match, paths }: Explanation): string {
  const { symbol, market, sourceFile, name } = instrument;
  const where =
    sourceFile === '' ? 'in no list, as typed' : `in ${sourceFile}${name === '' ? '' : `, ${name}`}`;
  const lines = [
    safeText(`${symbol}${market === '' ? '' : ` on ${market}`} (${where})`),
    row(
      'venue',
      venue === undefined
        ? 'unknown: every market is looked at'
        : `${venue.name}, ${venue.extensions.join(' or ')}`,
    ),
    ...tried.map(({ by, name: candidate, found }, i) =>
      row(
        i === 0 ? 'tried' : '',
        safeText(`${candidate}  ${by}: ${found.length === 0 ? 'not there' : found.join(', ')}`),
      ),
    ),
  ];
  if (match.kind === 'unmatched') {
    lines.push(row('unmatched', safeText(reasonText(match.reason))));
    if (match.near.length > 0) lines.push(row('same name', safeText(match.near.join(', '))));
  } else {
    const alias = match.alias === undefined ? '' : `, ${match.alias}`;
    lines.push(
      row(
        'matched',
        safeText(`${match.ticker} by ${match.strategy}, ${match.by}${alias}; confidence ${match.confidence}`),
      ),
    );
    lines.push(...paths.map((path) => row('', safeText(path))));
  }
  return `${lines.join('\n')}\n`;
}
