/** What fetch status tells, for people: a line a type, and what is amiss below it. */
import type { TableStatus } from '#tasks/fetch/status.js';
import { paragraph } from './paragraph.js';
import { bytes, count } from './quantities.js';
import { safeText } from './safe-text.js';

const WIDTHS = { type: 18, rows: 11, tickers: 8 } as const;
/** How many holes and failures are named. */
const NAMED = 4;

export function fetchStatusText(all: readonly TableStatus[]): string {
  const here = all.filter(isBegun);
  const absent = all.filter((one) => !isBegun(one)).map(({ type }) => type);
  if (here.length === 0)
    return 'No table is here yet: barloom fetch actions, or fetch all --dry-run to see what it takes.\n';
  const size = here.reduce((sum, one) => sum + one.bytes, 0);
  const lines = [
    `${'type'.padEnd(WIDTHS.type)}${'rows'.padStart(WIDTHS.rows)}${'tickers'.padStart(WIDTHS.tickers)}  first       last        last run`,
    ...here.flatMap(typeLines),
    ...(absent.length > 0 ? paragraph(`not here: ${absent.join(', ')}`, '') : []),
    `${bytes(size)} in tables/`,
  ];
  return `${lines.join('\n')}\n`;
}

function isBegun({ last_run, denied, failed, files }: TableStatus): boolean {
  return last_run !== null || denied !== null || failed.length + files > 0;
}

function typeLines(one: TableStatus): readonly string[] {
  const { type, rows, tickers, first, last, last_run, holes, denied, endpoint, failed, undated, gone } = one;
  const line =
    type.padEnd(WIDTHS.type) +
    count(rows).padStart(WIDTHS.rows) +
    (tickers === null ? '' : count(tickers)).padStart(WIDTHS.tickers) +
    `  ${(first ?? '').padEnd(12)}${(last ?? '').padEnd(12)}${(last_run ?? '').slice(0, 16).replace('T', ' ')}`;
  return [
    line.trimEnd(),
    ...(denied === null ? [] : below(`denied by the plan: ${denied.error}`)),
    ...(endpoint === null ? [] : below(`from the older ${endpoint}: the plan denies the newer`)),
    ...(holes.length === 0 ? [] : below(`not loaded: ${some(holes)}`)),
    ...failed.slice(0, NAMED).flatMap(({ name, error }) => below(`failed: ${name}: ${error}`)),
    ...(failed.length > NAMED ? below(`and ${count(failed.length - NAMED)} more that failed`) : []),
    ...(undated === 0 ? [] : below(`${count(undated)} without a date`)),
    ...(gone === 0 ? [] : below(`${count(gone)} are gone and kept`)),
  ];
}

function below(text: string): readonly string[] {
  return paragraph(safeText(text), '    ');
}

function some(names: readonly string[]): string {
  return names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED).join(', ')} and ${count(names.length - NAMED)} more`;
}
