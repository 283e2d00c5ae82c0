/**
 * Tables brought up to date: what is had in bulk first, all types side by side, then what goes ticker by
 * ticker. A type that the plan denies is told once and the others go on; what is done stays done however the
 * run ends.
 */
import pLimit from 'p-limit';
import type { TypeOutcome } from '#ingest/tables/outcome.js';
import { all, newMerging, type RunTools, runBulk } from '#ingest/tables/run-bulk.js';
import { type OlderLoad, runOlder } from '#ingest/tables/run-older.js';
import { runTickers } from '#ingest/tables/run-tickers.js';
import { openTableLoad, type TableLoad } from '#ingest/tables/table-load.js';
import { newTrouble } from '#ingest/tables/trouble.js';
import { tickers as tickersTable } from '#market/tables/reference.js';
import { OtherSourceError } from '#store/archive/source-marker.js';
import { tableFiles } from '#store/tables/layout.js';
import type { OpenTables } from '#store/tables/open-tables.js';
import { writeTableRecord } from '#store/tables/record.js';
import { refreshEventIndex } from '#tasks/adjust/event-index.js';
import { hasActions } from '#tasks/adjust/read-actions.js';
import { countTickers, type TickerCounts } from './count-tickers.js';
import { batchesOf, planOlder, planType, type TypePlan } from './plan-fetch.js';
import { type ProgressWriter, progressWriter } from './progress.js';
import type { FetchRequest, FetchTools } from './request.js';
import { universeTickers } from './universe.js';

export interface FetchResult {
  readonly types: readonly TypeOutcome[];
  /** Of the tickers that were named. */
  readonly tickers: readonly TickerCounts[];
  /** Named tickers of which the vendor's answers hold nothing at all. */
  readonly unknownTickers: readonly string[];
  readonly gaveOut: boolean;
}

/** Throws what ends the run: wrong keys, another source, the disk's error, the signal's reason. */
export async function fetchTables(
  request: FetchRequest,
  tables: OpenTables,
  tools: FetchTools,
): Promise<FetchResult> {
  const { wish, workers } = request;
  const progress = progressWriter(tables.layout, tools);
  const trouble = newTrouble();
  const run: RunTools = {
    tables,
    client: tools.client,
    hearing: { hear: tools.hear, progressed: progress.note },
    trouble,
    places: pLimit(workers),
    merging: newMerging(),
    now: tools.now,
    clock: tools.clock,
    signal: tools.signal,
  };
  const loads = await openLoads(request, tables, tools);
  try {
    const bulk = loads.map((load) => ({ load, plan: planned(load, request, [], tools) }));
    const aimed = bulk.map(({ load, plan }) => ({ load, plan: withOlder(load, plan, request, tools) }));
    progress.aim(aimOf(aimed, request, []));
    await all(bulk.map(({ load, plan }) => bulkOf(load, plan, run)));
    await olderOf(loads, request, run);
    const slow = loads.filter(({ type }) => type.windows.kind === 'tickers');
    if (slow.length > 0 && !trouble.hasGivenOut()) {
      const universe = await universeTickers(request.universe, request.tracked, tables.layout, tables.duck);
      const plans = loads.map((load) => ({ load, plan: planned(load, request, universe, tools) }));
      progress.aim(
        aimOf(
          [
            ...aimed.filter(({ load }) => !slow.includes(load)),
            ...plans.filter(({ load }) => slow.includes(load)),
          ],
          request,
          universe,
        ),
      );
      for (const { load, plan } of plans) if (slow.includes(load)) await slowOf(load, plan, request, run);
    }
    const named = [...new Set([...(wish.tickers ?? []), ...(wish.refill ?? [])])];
    const types = request.types;
    const counts = named.length === 0 ? [] : await countTickers(named, types, tables.layout, tables.duck);
    await closing(loads, tables, progress);
    if (hasActions(tables.layout)) await refreshEventIndex(tables);
    return {
      types: loads.map(({ outcome }) => outcome),
      tickers: counts,
      unknownTickers: await unknownOf(counts, tables),
      gaveOut: trouble.hasGivenOut(),
    };
  } catch (error) {
    await closing(loads, tables, progress).catch(() => undefined);
    throw error;
  }
}

/** Of tickers without a record: those that the vendor's list has not, where that is here. */
async function unknownOf(
  counts: readonly TickerCounts[],
  { layout, duck }: OpenTables,
): Promise<readonly string[]> {
  const empty = counts.filter(({ rows }) => Object.values(rows).every((n) => n === 0));
  if (empty.length === 0 || tableFiles(layout, tickersTable.name).size === 0) return [];
  const names = empty.map(({ ticker }) => ticker);
  const found = await countTickers(names, [tickersTable], layout, duck);
  return found.filter(({ rows }) => rows[tickersTable.name] === 0).map(({ ticker }) => ticker);
}

/** What was refused and what failed is kept too. */
async function closing(
  loads: readonly TableLoad[],
  tables: OpenTables,
  progress: ProgressWriter,
): Promise<void> {
  for (const { type, record } of loads)
    await writeTableRecord(tables.layout, type.name, record, tables.checkLock);
  await progress.end();
}

/** The ticker table comes first where others go over it and it is not there. */
async function openLoads(
  { types, wish, universe, source, adoptSource, withoutSlow }: FetchRequest,
  tables: OpenTables,
  { hear }: FetchTools,
): Promise<readonly TableLoad[]> {
  const goesOver =
    withoutSlow !== true &&
    universe !== 'tracked' &&
    (wish.tickers ?? wish.refill) === undefined &&
    types.some(({ windows }) => windows.kind === 'tickers');
  const loads = await Promise.all(types.map((type) => openTableLoad(type, tables)));
  if (goesOver && !types.includes(tickersTable)) {
    const load = await openTableLoad(tickersTable, tables);
    if (!load.record.windows.has('stocks')) {
      hear({ type: 'note', level: 'info', message: 'the tickers come first: others go over them' });
      loads.unshift(load);
    }
  }
  for (const { type, record } of loads) {
    if (record.source !== undefined && record.source !== source && !adoptSource)
      throw new OtherSourceError(
        `The table ${type.name} was filled from ${record.source}, not from ${source}: give another --data-dir, or say --adopt-source if the two hold the same data`,
      );
    record.source = source;
  }
  return loads;
}

function planned(
  { type, record }: TableLoad,
  request: FetchRequest,
  universe: readonly string[],
  { now }: FetchTools,
): TypePlan {
  return planType(type, record, request, universe, now());
}

/** Where it is known that the older endpoint is to be asked. */
function withOlder(
  { type, record }: TableLoad,
  plan: TypePlan,
  request: FetchRequest,
  { now }: FetchTools,
): TypePlan {
  const windows = plan.denied === undefined ? undefined : planOlder(type, record, request, now());
  return windows === undefined ? plan : { ...plan, windows, denied: undefined };
}

async function bulkOf(load: TableLoad, { windows, denied }: TypePlan, run: RunTools): Promise<void> {
  load.outcome.denied = denied;
  if (denied !== undefined || windows.length === 0) return;
  load.record.denied = undefined;
  await runBulk(load, windows, run);
}

/** Of types that the plan denies, what an older endpoint has. */
async function olderOf(loads: readonly TableLoad[], request: FetchRequest, run: RunTools): Promise<void> {
  const refused = loads.flatMap((load) => {
    const { type, record, outcome } = load;
    const windows = outcome.denied === undefined ? undefined : planOlder(type, record, request, run.now());
    return windows === undefined ? [] : [{ load, windows }];
  });
  const byPath = new Map<string, OlderLoad[]>();
  for (const one of refused) {
    const path = one.load.type.older?.path ?? '';
    byPath.set(path, [...(byPath.get(path) ?? []), one]);
  }
  for (const [path, group] of byPath) {
    const names = group.map(({ load }) => load.type.name).join(', ');
    run.hearing.hear({
      type: 'note',
      level: 'warning',
      message: `${names}: denied by the plan, so the older ${path} is asked, which says less`,
    });
    await runOlder(group, run);
  }
}

async function slowOf(
  load: TableLoad,
  { tickers, denied }: TypePlan,
  request: FetchRequest,
  run: RunTools,
): Promise<void> {
  load.outcome.denied = denied;
  if (denied !== undefined) return;
  load.record.denied = undefined;
  await runTickers(load, batchesOf(tickers, request), run);
}

function aimOf(
  plans: readonly { readonly load: TableLoad; readonly plan: TypePlan }[],
  { wish, workers }: FetchRequest,
  universe: readonly string[],
): Parameters<ProgressWriter['aim']>[0] {
  const named = [...new Set([...(wish.tickers ?? []), ...(wish.refill ?? [])])];
  return {
    tickers: named.length > 0 ? named : universe,
    expected: new Map(
      plans.map(({ load, plan }) => [
        load.type.name,
        new Set([...plan.tickers, ...plan.windows.flatMap(({ tickers }) => tickers ?? [])]),
      ]),
    ),
    workers,
  };
}
