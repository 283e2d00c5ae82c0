/**
 * The windows of a type, several at a time: the first alone, since it tells whether the plan has the type at
 * all. Each window's pages wait on disk until the list has ended; only then do they become rows of the table.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { Merged } from '#store/tables/merge.js';
import type { OpenTables } from '#store/tables/open-tables.js';
import type { TableRecord } from '#store/tables/record.js';
import type { RestClient } from '#vendors/rest/client.js';
import { pages } from '#vendors/rest/pages.js';
import { checkAnswer } from './check-answer.js';
import type { FetchHearing } from './events.js';
import type { FailedWindow } from './outcome.js';
import { commit, monthsOf, stageRows, type TableLoad } from './table-load.js';
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

/** Throws what ends the run: wrong keys, the disk's error, the signal's reason. */
export async function runBulk(
  load: TableLoad,
  windows: readonly TableWindow[],
  tools: RunTools,
): Promise<void> {
  const [first, ...others] = windows;
  load.outcome.planned += windows.length;
  if (first === undefined) return;
  await tools.places(() => runWindow(load, first, tools));
  const refusal = load.outcome.failed.find(({ kind }) => kind === 'denied');
  if (refusal !== undefined) {
    load.outcome.denied = refusal.error;
    load.outcome.failed.length = 0;
    load.record.failed.delete(first.name);
    load.record.denied = { error: refusal.error, at: tools.now().toISOString() };
    return;
  }
  await all(others.map((window) => tools.places(() => runWindow(load, window, tools))));
}

/** Waits for all, then throws the first failure. */
export async function all(works: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(works);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

async function runWindow(load: TableLoad, window: TableWindow, tools: RunTools): Promise<void> {
  const { type, outcome, record } = load;
  const { hearing, trouble, signal, clock } = tools;
  signal.throwIfAborted();
  if (trouble.hasGivenOut()) return skipped(load, window, 'network', 'the network had given out');
  const edge = deniedEdge(load, window);
  if (edge !== undefined) return skipped(load, window, 'denied', edge);
  const begun = clock();
  try {
    const merged = await fetchWindow(load, window, tools);
    trouble.succeeded();
    record.failed.delete(window.name);
    outcome.done.push(window.name);
    for (const ticker of window.tickers ?? []) outcome.tickersDone.add(ticker);
    const { rows, added, changed, gone } = merged;
    hearing.hear({
      type: 'window',
      table: type.name,
      window: window.name,
      ...{ rows, added, changed, gone },
      ms: Math.round(clock() - begun),
    });
  } catch (error) {
    signal.throwIfAborted();
    const failed = trouble.judge(window.name, error);
    if (failed === undefined) throw error;
    outcome.failed.push(failed);
    record.failed.set(window.name, { error: failed.error, at: tools.now().toISOString() });
    noteFailure(load, window, failed, tools.now());
    hearing.hear({ type: 'problem', table: type.name, window: window.name, message: failed.error });
  }
  outcome.unknownFields = Object.fromEntries(load.reader.unknown);
  await hearing.progressed(outcome);
}

function noteFailure(
  { edge, outcome }: TableLoad,
  { range, tickers }: TableWindow,
  { kind, error }: FailedWindow,
  now: Date,
): void {
  for (const ticker of tickers ?? [])
    outcome.tickersFailed.set(ticker, { error, timestamp: now.toISOString() });
  const from = range?.from;
  if (kind !== 'denied' || from === undefined || from < (edge.from ?? '')) return;
  edge.from = from;
  edge.error = error;
}

function skipped(
  { outcome }: TableLoad,
  { name }: TableWindow,
  kind: 'network' | 'denied',
  error: string,
): void {
  outcome.failed.push({ name, kind, error });
}

/** What lies before a range that the plan denies is denied too, and not asked for. */
function deniedEdge({ edge }: TableLoad, { range }: TableWindow): string | undefined {
  const before = range?.before;
  return before === undefined || edge.from === undefined || before > edge.from ? undefined : edge.error;
}

async function fetchWindow(load: TableLoad, window: TableWindow, tools: RunTools): Promise<Merged> {
  const { type, reader } = load;
  const { client, tables, signal } = tools;
  const staged = await stageRows(tables, type.name);
  try {
    const request = { type, reader, target: windowTarget(type, window), signal };
    for await (const rows of pages(client, request)) {
      checkAnswer(type, window, rows);
      await staged.add(rows);
    }
    const files = await staged.finish();
    return await tools.merging(() =>
      commit(load, tables, {
        staged: files,
        now: tools.now(),
        isFirst: isFirst(load, window),
        holdsAll: window.holdsAll,
        months: window.range === undefined ? undefined : monthsOf(window.range),
        note: (record, moment, merged) => note(record, window, moment, merged),
      }),
    );
  } finally {
    await staged.drop();
  }
}

function isFirst({ record }: TableLoad, { records, name, tickers }: TableWindow): boolean {
  if (records === 'update') return false;
  if (tickers === undefined) return !record.windows.has(name);
  return record.lookedAt === undefined && !tickers.some((ticker) => record.tickers.has(ticker));
}

function note(record: TableRecord, window: TableWindow, moment: string, { rows, sha256 }: Merged): void {
  const { name, records, range, tickers, covers } = window;
  const today = moment.slice(0, 10);
  const isDone = records === 'whole' && range?.before !== undefined && range.before <= today;
  if (tickers === undefined)
    record.windows.set(name, { rows, sha256: isDone ? sha256 : null, loaded_at: moment, done: isDone });
  for (const span of covers ?? [])
    record.windows.set(span, { rows: 0, sha256: null, loaded_at: moment, done: false });
  if (records === 'update' || (records === 'whole' && range?.before === undefined)) record.lookedAt = today;
  if (records === 'tickers')
    for (const ticker of tickers ?? []) record.tickers.set(ticker, { rows: 0, asked_at: moment });
}
