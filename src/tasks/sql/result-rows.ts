/**
 * The rows of a result as they come, in memory a chunk at a time. Whole numbers of 64 bits and decimals are
 * text with all digits.
 */
import { type DuckDBResult, jsonRows } from '#store/lake/duckdb.js';

export type Cell = string | number | boolean | null | object;

export interface ResultColumn {
  readonly name: string;
  /** As SQL names it. */
  readonly type: string;
  /** Whether its text is a number's: printed without quotes, and to the right. */
  readonly isNumber: boolean;
}

export interface ResultRows {
  readonly columns: readonly ResultColumn[];
  readonly chunks: AsyncIterable<readonly (readonly Cell[])[]>;
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

export function rowsOf(result: DuckDBResult): ResultRows {
  const columns = result.deduplicatedColumnNames().map((name, i) => {
    const type = result.columnType(i).toString();
    return { name, type, isNumber: NUMBERS.test(type) };
  });
  const chunks = jsonRows(result) as AsyncIterable<readonly (readonly Cell[])[]>;
  const amounts = columns.map(({ type }) => type === AMOUNT);
  return { columns, chunks: amounts.includes(true) ? trimmed(chunks, amounts) : chunks };
}

/** What the tables keep cash and ratios of splits in: room for eighteen decimals, of which few are used. */
const AMOUNT = 'DECIMAL(38,18)';

async function* trimmed(
  chunks: AsyncIterable<readonly (readonly Cell[])[]>,
  amounts: readonly boolean[],
): AsyncIterable<readonly (readonly Cell[])[]> {
  const cellOf = (cell: Cell, i: number): Cell =>
    amounts[i] === true && typeof cell === 'string' ? cell.replace(/\.?0+$/, '') : cell;
  for await (const rows of chunks) yield rows.map((row) => row.map(cellOf));
}

/** For people and CSV; null is ''. */
export function textOf(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** As a program takes it: the number of what is one, as far as a double holds it. */
export function cellValue(cell: Cell, column: ResultColumn): Cell {
  return isDigits(cell, column) ? Number(cell) : cell;
}

function isDigits(cell: Cell, { isNumber }: ResultColumn): cell is string {
  return isNumber && typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell);
}

/** As JSON writes it: numbers that are text have their digits, what no JSON number can be (NaN) is text. */
export function jsonOf(cell: Cell, column: ResultColumn): string {
  return isDigits(cell, column) ? cell : JSON.stringify(cell);
}
