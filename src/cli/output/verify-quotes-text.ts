/** What verify found of imported quotes, for people. */
import type { VerifiedQuotes } from '#tasks/quotes/verify.js';
import { paragraph, row } from './paragraph.js';
import { counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

export function verifyQuotesText(
  tables: readonly VerifiedQuotes[],
  {
    deep,
    aside,
    seconds,
  }: { readonly deep: boolean; readonly aside: readonly string[]; readonly seconds: number },
): string {
  const sum = (of: (one: VerifiedQuotes) => number): number =>
    tables.reduce((before, one) => before + of(one), 0);
  const damage = tables.flatMap((one) => one.damage);
  const advice =
    aside.length > 0
      ? 'barloom quotes import takes these days again.'
      : 'barloom verify --repair moves what is damaged aside, for quotes import to take the days again.';
  return `${[
    `quotes  ${deep ? 'every row' : 'structure and sizes'}; ${duration(seconds)}`,
    row(
      'checked',
      `${counted(tables.length, 'table')}, ${counted(
        sum(({ files }) => files),
        'day',
      )}, ${counted(
        sum(({ rows }) => rows),
        'row',
      )}`,
    ),
    ...damage.flatMap(({ file, what }) => paragraph(safeText(`damage: ${file} ${what}`))),
    ...aside.flatMap((name) => paragraph(safeText(`moved aside: ${name}`))),
    ...(damage.length === 0 ? ['  no damage'] : paragraph(advice)),
  ].join('\n')}\n`;
}
