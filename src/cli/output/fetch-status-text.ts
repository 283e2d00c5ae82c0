/** What fetch status tells, for people: a line a type, and what is amiss below it. */
import type { TableStatus } from '#tasks/fetch/status.js';
import { paragraph } from './paragraph.js';
import { bytes, count } from './quantities.js';
import { safeText } from './safe-text.js';
import { type TableColumn, table } from './table.js';

const COLUMNS: readonly TableColumn[] = [
  { heading: 'type', align: 'left' },
  { heading: 'rows', align: 'right' },
  { heading: 'tickers', align: 'right' },
  { heading: 'first', align: 'left' },
  { heading: 'last', align: 'left' },
  { heading: 'last run', align: 'left' },
];
/** How many holes and failures are named. */
const NAMED = 4;

export function fetchStatusText(all: readonly TableStatus[]): string {
  const here = all.filter(isBegun);
  const absent = all.filter((one) => !isBegun(one)).map(({ type }) => type);
  if (here.length === 0)
    return `${paragraph('No table is here yet: barloom fetch actions, or fetch all --dry-run to see what it takes.', '').join('\n')}\n`;
  const size = here.reduce((sum, one) => sum + one.bytes, 0);
  const lines = [
    ...table(COLUMNS, here.map(cells), (index) => here.slice(index, index + 1).flatMap(amiss)),
    ...(absent.length > 0 ? paragraph(`not here: ${absent.join(', ')}`, '') : []),
    `${bytes(size)} in tables/`,
  ];
  return `${lines.join('\n')}\n`;
}

function isBegun({ last_run, denied, failed, files }: TableStatus): boolean {
  return last_run !== null || denied !== null || failed.length + files > 0;
}

function cells({ type, rows, tickers, first, last, last_run }: TableStatus): readonly string[] {
  const at = (last_run ?? '').slice(0, 16).replace('T', ' ');
  return [type, count(rows), tickers === null ? '' : count(tickers), first ?? '', last ?? '', at];
}

function amiss({ holes, denied, endpoint, failed, undated, gone }: TableStatus): readonly string[] {
  return [
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
