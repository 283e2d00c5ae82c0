/** What verify found of adjusted series, for people. */
import type { VerifiedAdjusted } from '#tasks/adjust/verify-adjusted.js';
import { paragraph, row } from './paragraph.js';
import { counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

/** How many damaged files are named; the JSON document has all. */
const NAMED = 20;

export function verifyAdjustedText(
  { files, waiting, damage }: VerifiedAdjusted,
  {
    deep,
    repaired,
    seconds,
  }: { readonly deep: boolean; readonly repaired: boolean; readonly seconds: number },
): string {
  const more = damage.length - NAMED;
  return `${[
    `adjusted  ${deep ? 'every row' : 'sizes and times'}; ${duration(seconds)}`,
    row('checked', counted(files, 'file')),
    ...(waiting > 0
      ? [row('waiting', `${counted(waiting, 'file')} of changed series or events: the next run writes them`)]
      : []),
    ...damage.slice(0, NAMED).flatMap(({ file, what }) => paragraph(safeText(`damage: ${file} ${what}`))),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(damage.length === 0
      ? ['  no damage']
      : paragraph(repaired ? 'written again' : 'barloom verify --repair writes them again.')),
  ].join('\n')}\n`;
}
