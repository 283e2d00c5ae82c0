/** What verify found of the tables, for people. */
import type { VerifiedTable } from '#tasks/fetch/verify-table.js';
import { paragraph, row } from './paragraph.js';
import { counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

export function verifyTablesText(
  tables: readonly (VerifiedTable & { readonly moved_aside: readonly string[] })[],
  {
    deep,
    repaired,
    seconds,
  }: { readonly deep: boolean; readonly repaired: boolean; readonly seconds: number },
): string {
  const rows = tables.reduce((sum, one) => sum + one.rows, 0);
  const files = tables.reduce((sum, one) => sum + one.files, 0);
  const damaged = tables.filter(({ damage }) => damage.length > 0);
  const odd = tables.flatMap(({ type, oddities }) =>
    oddities.flatMap(({ what, records, examples }) =>
      paragraph(safeText(`${type}: ${what}: ${counted(records, 'record')}, ${examples.join(', ')}`)),
    ),
  );
  return `${[
    `tables  ${deep ? 'every byte' : 'sizes and ends'}; ${duration(seconds)}`,
    row('checked', `${counted(tables.length, 'table')}, ${counted(files, 'file')}, ${counted(rows, 'row')}`),
    ...damaged.flatMap(({ type, damage, moved_aside }) => [
      ...damage.flatMap(({ file, what }) =>
        paragraph(safeText(`damage: ${type}${file === '' ? '' : `/${file}`} ${what}`)),
      ),
      ...moved_aside.flatMap((name) => paragraph(safeText(`moved aside: ${name}`))),
    ]),
    ...(odd.length > 0 ? ["  odd in the vendor's records, kept as they came:", ...odd] : []),
    ...(damaged.length === 0
      ? ['  no damage']
      : paragraph(
          repaired
            ? `barloom fetch ${damaged.map(({ type }) => type).join(' ')} brings the records again; older versions are in your backup.`
            : 'barloom verify --repair moves what is damaged aside, for fetch to bring the records again.',
        )),
  ].join('\n')}\n`;
}
