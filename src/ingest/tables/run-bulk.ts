/**
 * The windows of a type, several at a time: the first alone, since it tells whether the plan has the type at
 * all. Each window's pages wait on disk until the list has ended; only then do they become rows of the table.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { OlderEndpoint, TableType } from '#market/tables/table-type.js';
import type { Merged } from '#store/tables/merge.js';
import type { OpenTables } from '#store/tables/open-tables.js';
import type { TableRecord } from '#store/tables/record.js';
import type { RestClient } from '#vendors/rest/client.js';
import { pages } from '#vendors/rest/pages.js';
import type { Row } from '#vendors/rest/records.js';
import { checkAnswer } from './check-answer.js';
import type { FetchHearing } from './events.js';
import { knownTo } from './known-table.js';
import type { FailedWindow } from './outcome.js';
import { commit, monthsOf, type StagedRows, stageRows, type TableLoad } from './table-load.js';
import { windowTarget } from './target.js';
import type { Trouble } from './trouble.js';
import type { TableWindow } from './window.js';

export interface RunTools {
  readonly tables: OpenTables;
  readonly client: RestClient;
  readonly hearing: FetchHearing;
  readonly trouble: Trouble;
  /** Windows, or tickers, at once: shared by all types. */
  readonly places: LimitFunction;
  /** One merge at a time. */
  readonly merging: LimitFunction;
  readonly now: () => Date;
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

export function newMerging(): LimitFunction {
  return pLimit(1);
}

/** Whose rows a window's records become, and how. */
export interface Part {
  readonly load: TableLoad;
  /** Undefined where a record holds nothing of this table. Throws ShapeError. */
  readonly row: (record: unknown) => Row | undefined;
  /** Where that is what is asked. */
  readonly older?: OlderEndpoint;
}

/** Throws what ends the run: wrong keys, the disk's error, the signal's reason. */
export async function runBulk(
  load: TableLoad,
  windows: readonly TableWindow[],
  tools: RunTools,
): Promise<void> {
  const { type, outcome, record, reader, edge } = load;
  const parts = [{ load, row: reader.row }];
  const refusal = await runWindows(
    type,
    windows.map((window) => ({ window, parts })),
    tools,
  );
  if (refusal === undefined) return;
  outcome.denied = refusal;
  record.denied = { error: refusal, at: tools.now().toISOString() };
  outcome.planned = 0;
  edge.from = undefined;
  tools.hearing.hear({ type: 'planned', table: type.name, parts: 0 });
}

/** A window that is asked for once, for one table or for several. */
export interface SharedWindow {
  readonly window: TableWindow;
  readonly parts: readonly Part[];
}

/** How many windows each table has. */
function tell(windows: readonly SharedWindow[], { hearing }: RunTools): void {
  const loads = new Set(windows.flatMap(({ parts }) => parts.map(({ load }) => load)));
  for (const { type, outcome } of loads)
    hearing.hear({ type: 'planned', table: type.name, parts: outcome.planned });
}

/**
 * The first alone; where the plan denies that, no other is asked for. Resolves to why, which is no failure of
 * a window.
 */
export async function runWindows(
  asked: TableType,
  windows: readonly SharedWindow[],
  tools: RunTools,
): Promise<string | undefined> {
  const [first, ...others] = windows;
  for (const { parts } of windows) for (const { load } of parts) load.outcome.planned++;
  tell(windows, tools);
  if (first === undefined) return undefined;
  await tools.places(() => runWindow(asked, first, tools));
  const refusals = first.parts.map(({ load }) => takeRefusal(load));
  const refusal = refusals.find((one) => one !== undefined);
  if (refusal === undefined)
    await all(others.map((window) => tools.places(() => runWindow(asked, window, tools))));
  return refusal;
}

function takeRefusal({ outcome, record }: TableLoad): string | undefined {
  const refused = outcome.failed.find(({ kind }) => kind === 'denied');
  if (refused === undefined) return undefined;
  outcome.failed.length = 0;
  record.failed.delete(refused.name);
  return refused.error;
}

/** Waits for all, then throws the first failure. */
export async function all(works: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(works);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

async function runWindow(asked: TableType, { window, parts }: SharedWindow, tools: RunTools): Promise<void> {
  const { hearing, trouble, signal, clock } = tools;
  signal.throwIfAborted();
  const loads = parts.map(({ load }) => load);
  if (trouble.hasGivenOut()) return skipped(loads, window, 'network', 'the network had given out');
  const edge = loads.map((load) => deniedEdge(load, window)).find((one) => one !== undefined);
  if (edge !== undefined) return skipped(loads, window, 'denied', edge);
  const begun = clock();
  try {
    const merged = await fetchWindow(asked, { window, parts }, tools);
    trouble.succeeded();
    for (const [i, load] of loads.entries()) {
      const { rows, added, changed, gone } = merged[i] ?? { rows: 0, added: 0, changed: 0, gone: 0 };
      succeeded(load, window);
      hearing.hear({
        type: 'window',
        table: load.type.name,
        window: window.name,
        ...{ rows, added, changed, gone },
        ms: Math.round(clock() - begun),
      });
    }
  } catch (error) {
    signal.throwIfAborted();
    const failed = trouble.judge(window.name, error);
    if (failed === undefined) throw error;
    for (const load of loads) {
      noteFailure(load, window, failed, tools.now());
      hearing.hear({
        type: 'problem',
        table: load.type.name,
        window: window.name,
        isWindow: true,
        message: failed.error,
      });
    }
  }
  for (const { outcome, reader } of loads) {
    outcome.unknownFields = Object.fromEntries(reader.unknown);
    await hearing.progressed(outcome);
  }
}

function succeeded({ record, outcome }: TableLoad, { name, tickers }: TableWindow): void {
  record.failed.delete(name);
  outcome.done.push(name);
  for (const ticker of tickers ?? []) outcome.tickersDone.add(ticker);
}

function noteFailure(
  { edge, outcome, record }: TableLoad,
  { name, range, tickers }: TableWindow,
  failed: FailedWindow,
  now: Date,
): void {
  const { kind, error } = failed;
  const at = now.toISOString();
  outcome.failed.push(failed);
  record.failed.set(name, { error, at });
  for (const ticker of tickers ?? []) outcome.tickersFailed.set(ticker, { error, timestamp: at });
  const from = range?.from;
  if (kind !== 'denied' || from === undefined || from < (edge.from ?? '')) return;
  edge.from = from;
  edge.error = error;
}

function skipped(
  loads: readonly TableLoad[],
  { name }: TableWindow,
  kind: 'network' | 'denied',
  error: string,
): void {
  for (const { outcome } of loads) outcome.failed.push({ name, kind, error });
}

/** What lies before a range that the plan denies is denied too, and not asked for. */
function deniedEdge({ edge }: TableLoad, { range }: TableWindow): string | undefined {
  const before = range?.before;
  return before === undefined || edge.from === undefined || before > edge.from ? undefined : edge.error;
}

async function fetchWindow(
  asked: TableType,
  { window, parts }: SharedWindow,
  tools: RunTools,
): Promise<readonly Merged[]> {
  const { client, tables, signal, hearing } = tools;
  const staged: StagedRows[] = [];
  try {
    for (const { load } of parts) staged.push(await stageRows(tables, load.type.name));
    const row = (record: unknown): readonly (Row | undefined)[] => parts.map((part) => part.row(record));
    for await (const page of pages(client, { type: asked, row, target: windowTarget(asked, window), signal }))
      for (const [i, waiting] of staged.entries()) {
        const rows = page.map((one) => one[i]).filter((one) => one !== undefined);
        checkAnswer(asked, window, rows);
        await waiting.add(rows);
        hearing.hear({ type: 'arrived', table: parts[i]?.load.type.name ?? '', rows: rows.length });
      }
    const merged: Merged[] = [];
    for (const [i, part] of parts.entries()) {
      const files = (await staged[i]?.finish()) ?? [];
      merged.push(await tools.merging(() => commitPart(part, window, files, tools)));
    }
    return merged;
  } finally {
    for (const waiting of staged) await waiting.drop();
  }
}

function commitPart(
  { load, older }: Part,
  window: TableWindow,
  staged: readonly string[],
  { tables, now }: RunTools,
): Promise<Merged> {
  const { record } = load;
  return commit(load, tables, {
    staged,
    now: now(),
    isFirst: isFirst(record, window, older),
    holdsAll: window.holdsAll,
    months: window.range === undefined ? undefined : monthsOf(window.range),
    isOlder: older !== undefined,
    note: (_, moment, merged) => note(record, { window, older }, moment, merged),
  });
}

function isFirst(
  record: TableRecord,
  { records, name, tickers }: TableWindow,
  older: OlderEndpoint | undefined,
): boolean {
  if (records === 'update') return false;
  const known = knownTo(record, older);
  if (tickers === undefined) return !known.windows.has(name);
  return known.lookedAt === undefined && !tickers.some((ticker) => known.tickers.has(ticker));
}

function note(
  record: TableRecord,
  { window, older }: { readonly window: TableWindow; readonly older: OlderEndpoint | undefined },
  moment: string,
  { rows, sha256, heldBack }: Merged,
): void {
  const { name, records, range, tickers, covers } = window;
  const today = moment.slice(0, 10);
  const isDone = records === 'whole' && range?.before !== undefined && range.before <= today;
  const from = older === undefined ? {} : { endpoint: older.name };
  // Beside records of the newer endpoint the window's own are not all that is here.
  const hash = isDone && heldBack === 0 ? sha256 : null;
  if (tickers === undefined)
    record.windows.set(name, { rows, sha256: hash, loaded_at: moment, done: isDone, ...from });
  for (const span of covers ?? [])
    record.windows.set(span, { rows: 0, sha256: null, loaded_at: moment, done: false, ...from });
  if (records === 'update' || (records === 'whole' && range?.before === undefined))
    record[older === undefined ? 'lookedAt' : 'olderLookedAt'] = today;
  if (records === 'tickers')
    for (const ticker of tickers ?? []) record.tickers.set(ticker, { rows: 0, asked_at: moment, ...from });
}
