/** A table for people: columns by their contents where they fit, else a record as its first cell and a row below. */
import { textWidth, wrapped } from './paragraph.js';

export interface TableColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** `rows`: as many cells as columns; `below`: lines that follow a row. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  below: (index: number) => readonly string[] = () => [],
): readonly string[] {
  const widths = columns.map(({ heading }, i) =>
    Math.max(heading.length, ...rows.map((cells) => cells[i]?.length ?? 0)),
  );
  const whole = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  if (whole > textWidth()) return rows.flatMap((cells, i) => [...stacked(columns, cells), ...below(i)]);
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const [cell, width] = [cells[i] ?? '', widths[i] ?? 0];
        return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(GAP)
      .trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    ...rows.flatMap((cells, i) => [line(cells), ...below(i)]),
  ];
}

function stacked(
  columns: readonly TableColumn[],
  [first = '', ...cells]: readonly string[],
): readonly string[] {
  const parts = cells.flatMap((cell, i) => (cell === '' ? [] : [`${columns[i + 1]?.heading ?? ''} ${cell}`]));
  return [first, ...wrapped('', parts)];
}
