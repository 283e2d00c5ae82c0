/**
 * A result of SQL as a table that fits the terminal: wide cells are cut, rows and columns that find no room
 * are counted.
 */
import { type Cell, type ResultColumn, type ResultRows, textOf } from '#tasks/sql/result-rows.js';
import { counted } from './quantities.js';
import { safeText } from './safe-text.js';

export interface TableRoom {
  readonly columns: number;
  /** Rows that are shown; the others are counted. */
  readonly rows: number;
}

/** Least characters of a cell that is cut. */
const LEAST = 8;
const GAP = '  ';

export async function sqlTable({ columns, chunks }: ResultRows, room: TableRoom): Promise<string> {
  const shown: (readonly Cell[])[] = [];
  let rows = 0;
  for await (const chunk of chunks) {
    for (const row of chunk) {
      if (rows < room.rows) shown.push(row);
      rows++;
    }
  }
  return tableText(columns, shown, rows, room.columns);
}

export function tableText(
  columns: readonly ResultColumn[],
  shown: readonly (readonly Cell[])[],
  rows: number,
  width: number,
): string {
  const cells = shown.map((row) => row.map((cell) => (cell === null ? '·' : safeText(textOf(cell)))));
  const wished = columns.map(({ name }, i) =>
    Math.max(name.length, ...cells.map((row) => (row[i] ?? '').length)),
  );
  const widths = fitted(wished, width);
  const line = (texts: readonly string[], isHead: boolean): string =>
    widths
      .map((size, i) => {
        const text = cut(texts[i] ?? '', size);
        return columns[i]?.isNumber === true && !isHead ? text.padStart(size) : text.padEnd(size);
      })
      .join(GAP)
      .trimEnd();
  const left = columns.length - widths.length;
  const notes = [
    counted(rows, 'row'),
    ...(rows > shown.length ? [`${counted(rows - shown.length, 'row')} not shown (-o FILE takes all)`] : []),
    ...(left > 0 ? [`${counted(left, 'column')} not shown`] : []),
  ];
  return [
    line(
      columns.map(({ name }) => safeText(name)),
      true,
    ),
    widths.map((size) => '─'.repeat(size)).join(GAP),
    ...cells.map((row) => line(row, false)),
    `(${notes.join(', ')})`,
    '',
  ].join('\n');
}

/** The widest give way first; where none can, the last columns go. */
function fitted(wished: readonly number[], width: number): readonly number[] {
  const widths = [...wished];
  const total = (): number => widths.reduce((sum, size) => sum + size + GAP.length, -GAP.length);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) {
      if (widths.length === 1) break;
      widths.pop();
      continue;
    }
    const at = widths.indexOf(widest);
    const second = Math.max(LEAST, ...widths.filter((size) => size < widest));
    widths[at] = Math.max(second, widest - Math.max(1, total() - width), LEAST);
    if (widths[at] === widest) widths[at] = widest - 1;
  }
  return widths;
}

function cut(text: string, size: number): string {
  return text.length <= size ? text : `${text.slice(0, Math.max(0, size - 1))}…`;
}
