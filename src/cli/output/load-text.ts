/** What a load is doing, would do, and came to, for people. */
import type { LoadNews, TableResult } from '#ingest/loading/load-table.js';
import type { LoadPlan } from '#ingest/loading/plan-load.js';
import { tableName } from '#store/quotes/layout.js';
import type { FailedDay } from '#tasks/load/archive-units.js';
import type { DatasetLoad } from '#tasks/load/load.js';
import type { RestLoad, RestPlan, RestRequest } from '#tasks/load/rest-table.js';
import type { FailedQuoteDay, QuoteLoad, QuoteLoadRequest } from '#tasks/quotes/load.js';
import { row } from './paragraph.js';
import { bytes, clockTime, count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

type News<T extends LoadNews['type']> = Extract<LoadNews, { type: T }>;

/** Undefined where there is nothing to do. */
export function plannedLine({ table, rows, days, batches }: News<'planned'>): string | undefined {
  if (days === 0) return undefined;
  return `${table}: about ${counted(rows, 'row')} of ${counted(days, 'day')} in ${counted(batches, 'batch', 'batches')}`;
}

export function batchLine({ table, batch, batches, loaded, days }: News<'batch'>): string {
  const last = days.at(-1);
  return `${table}: batch ${count(batch)}/${count(Math.max(batch, batches))}, ${counted(loaded, 'row')}${last === undefined ? '' : `, to ${last}`}`;
}

export function loadLiveText({ table, loaded, rowsToLoad }: News<'batch'>, seconds: number): string {
  const rate = loaded / Math.max(seconds, 0.001);
  const left = Math.max(0, rowsToLoad - loaded) / Math.max(rate, 1e-9);
  return `${table}: ${count(loaded)} of ${count(Math.max(loaded, rowsToLoad))} rows, ${count(rate)} rows/s, ETA ${clockTime(left)}`;
}

export function indexLine({ table, done, names }: News<'indexes'>): string | undefined {
  if (names.length === 0) return undefined;
  const words = {
    dropped: 'taken away for this load, and made again behind it',
    making: 'are being made',
    made: 'are made',
  }[done];
  return `${table}: ${safeText(`indexes ${names.join(', ')} ${words}`)}`;
}

/** Days that are named. */
const TOLD = 5;

export function loadText(result: DatasetLoad, database: string): string {
  return `${result.dataset}\n${[...tableLines(result, database), ...failedLines(result.failed)].join('\n')}\n`;
}

function tableLines(result: TableResult, database: string): readonly string[] {
  const { into, rows, written, pruned, days, left_out, indexes_mended, keep_from } = result;
  const same = rows - written;
  const lines = [row('table', safeText(`${into} in ${database}`))];
  if (days.loaded === 0) lines.push(row('days', `${count(days.unchanged)} loaded already; nothing to do`));
  else {
    lines.push(row('days', `${count(days.loaded)} loaded, ${count(days.unchanged)} loaded before`));
    lines.push(
      row('rows', `${count(rows)}${same > 0 ? `, of which ${count(same)} were there already` : ''}`),
    );
  }
  if (left_out > 0) lines.push(row('left out', counted(left_out, 'row')));
  if (indexes_mended.length > 0)
    lines.push(
      row('indexes', safeText(`${indexes_mended.join(', ')} made, which a broken load had taken away`)),
    );
  if (pruned > 0) lines.push(row('pruned', `${counted(pruned, 'row')} of days before ${keep_from}`));
  return lines;
}

function failedLines(failed: readonly FailedDay[]): readonly string[] {
  const lines = failed.slice(0, TOLD).map(({ day, reason }) => row('failed', safeText(`${day}: ${reason}`)));
  return failed.length > TOLD
    ? [...lines, row('', `and ${counted(failed.length - TOLD, 'day')} more`)]
    : lines;
}

/** Of imported quotes. */
export function quoteLoadText(result: QuoteLoad, database: string): string {
  const { table, failed, without } = result;
  const lines = [
    ...tableLines(result, database),
    ...failedLines(failed.map(ofSymbol)),
    ...withoutLines(without),
  ];
  return `${table}\n${lines.join('\n')}\n`;
}

function ofSymbol({ symbol, day, reason }: FailedQuoteDay): FailedDay {
  return { day, reason: `${symbol}: ${reason}` };
}

function withoutLines(without: readonly string[]): readonly string[] {
  return without.length === 0
    ? []
    : [row('no quotes', safeText(`${without.join(', ')}: nothing is imported`))];
}

/** Of a dry run of quotes. */
export function quotePlanText(
  { quotes, into }: QuoteLoadRequest,
  plan: LoadPlan & Pick<QuoteLoad, 'failed' | 'without'>,
  batchRows: number,
  database: string,
): PlanTold {
  const name = tableName(quotes);
  const { failed, without } = plan;
  const { lines, document } = planTold(into, plan, batchRows, database);
  return {
    text: `${name}\n${[...lines, ...failedLines(failed.map(ofSymbol)), ...withoutLines(without)].join('\n')}\n`,
    document: { dry_run: true, database, table: name, ...document, failed, without },
  };
}

interface PlanTold {
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Of a table of the REST API. */
export function restLoadText({ dataset, into, rows, unchanged }: RestLoad, database: string): string {
  const what = unchanged ? 'there already; nothing to do' : `${count(rows)}, instead of those before`;
  return `${dataset}\n${row('table', safeText(`${into} in ${database}`))}\n${row('records', what)}\n`;
}

/** Text and document of a dry run. */
export function restPlanText(
  { type, into }: RestRequest,
  { isThere, isSame, rows }: RestPlan,
  database: string,
): PlanTold {
  const lines = [
    row('table', safeText(`${into} in ${database}${isThere ? '' : ', to be made'}`)),
    row('to load', isSame ? 'nothing: its records are there' : counted(rows, 'record')),
  ];
  return {
    text: `${type.name}\n${lines.join('\n')}\n`,
    document: {
      datasets: [
        { dataset: type.name, into, table_exists: isThere, rows: isSame ? 0 : rows, unchanged: isSame },
      ],
    },
  };
}

/** Text and document of a dry run. */
export function loadPlanText(
  { dataset, into }: { readonly dataset: { readonly name: string }; readonly into: string },
  plan: LoadPlan & { readonly failed: readonly FailedDay[] },
  batchRows: number,
  database: string,
): PlanTold {
  const { lines, document } = planTold(into, plan, batchRows, database);
  const { failed } = plan;
  return {
    text: `${dataset.name}\n${[...lines, ...failedLines(failed)].join('\n')}\n`,
    document: { datasets: [{ dataset: dataset.name, ...document, failed }] },
  };
}

/** A row in a table, with its part of the key's index. */
const ROW_BYTES = 150;

function planTold(
  table: string,
  { units, unchanged, rows, drops, isThere, away, keepFrom }: LoadPlan,
  batchRows: number,
  database: string,
): { readonly lines: readonly string[]; readonly document: Readonly<Record<string, unknown>> } {
  const batches = Math.ceil(rows / batchRows);
  return {
    lines: [
      row('table', safeText(`${table} in ${database}${isThere ? '' : ', to be made'}`)),
      row(
        'to load',
        `${counted(units.length, 'day')}, about ${counted(rows, 'row')} in ${counted(batches, 'batch', 'batches')}`,
      ),
      row('unchanged', counted(unchanged, 'day')),
      row('room', `about ${bytes(rows * ROW_BYTES)}`),
      ...(drops ? [row('indexes', 'away while it loads, and made again behind it')] : []),
      ...(away.length > 0
        ? [row('indexes', safeText(`${away.join(', ')} are missing and will be made`))]
        : []),
      ...(keepFrom === undefined ? [] : [row('pruned', `days before ${keepFrom}`)]),
    ],
    document: {
      into: table,
      table_exists: isThere,
      days: { to_load: units.length, unchanged },
      rows,
      batches,
      estimated_bytes: rows * ROW_BYTES,
      drops_indexes: drops,
      indexes_lacking: away,
      keep_from: keepFrom ?? null,
    },
  };
}
