/**
 * One table loaded: what is lacking, its indexes away where that pays and made again behind it, old days
 * removed. Whatever ends it before, the next load goes on where the last batch was committed, and makes the
 * indexes.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { dropIndexes, indexesAway, restoreIndexes } from '#store/database/indexes.js';
import { pruneTable } from '#store/database/loads.js';
import type { Database } from '#store/database/port.js';
import { prepareTable } from '#store/database/tables.js';
import { type Batch, type LoadOptions, type LoadTally, loadUnits } from './load-units.js';
import { type LoadWish, planLoad } from './plan-load.js';
import type { LoadUnit, UnitText } from './unit.js';

export interface LoadTools {
  readonly database: Database;
  /** The unit's text; undefined where it cannot be read, which has been told. */
  readonly textOf: (unit: LoadUnit) => Promise<UnitText | undefined>;
  readonly batchRows: number;
  readonly signal: AbortSignal;
  readonly hear: (news: LoadNews) => void;
}

export type LoadNews =
  | {
      readonly type: 'planned';
      readonly table: string;
      readonly rows: number;
      readonly days: number;
      readonly batches: number;
    }
  | {
      readonly type: 'indexes';
      readonly table: string;
      readonly done: 'dropped' | 'making' | 'made';
      readonly names: readonly string[];
    }
  | ({
      readonly type: 'batch';
      readonly table: string;
      readonly batch: number;
      readonly batches: number;
      readonly loaded: number;
      readonly rowsToLoad: number;
    } & Batch);

export interface TableResult {
  /** The table. */
  readonly into: string;
  /** That were loaded now. */
  readonly rows: number;
  /** Of them those that are new or changed in the table. */
  readonly written: number;
  /** Rows of old days that were removed. */
  readonly pruned: number;
  readonly days: { readonly loaded: number; readonly unchanged: number };
  readonly batches: number;
  readonly left_out: number;
  /** Whether the load went without indexes, and made them again. */
  readonly indexes_dropped: boolean;
  /** Indexes that an earlier load had left away. */
  readonly indexes_mended: readonly string[];
  /** Days before it are not kept. */
  readonly keep_from: IsoDay | null;
}

/** Throws as `loadUnits` does. */
export async function loadTable(wish: LoadWish, tools: LoadTools): Promise<TableResult> {
  const { database, batchRows, hear, signal } = tools;
  const table = wish.shape.name;
  await database.claim(table);
  const plan = await planLoad(database, wish);
  const batches = Math.ceil(plan.rows / batchRows);
  hear({ type: 'planned', table, rows: plan.rows, days: plan.units.length, batches });
  // Those that a killed load has left away stay so only where they would go again.
  const mended = plan.drops || plan.away.length === 0 ? [] : await makeAgain(table, tools);
  let [batch, loaded] = [0, 0];
  const tally = await loadedBetween(plan.drops, table, tools, (prepare) =>
    loadUnits({
      ...tools,
      ...wish,
      units: plan.units,
      prepare,
      hear: (one) => {
        batch++;
        loaded += one.rows;
        hear({ type: 'batch', table, batch, batches, loaded, rowsToLoad: plan.rows, ...one });
      },
    }),
  );
  const isThere = plan.isThere || tally.rows > 0;
  const pruned =
    plan.keepFrom === undefined || !isThere ? 0 : await pruneTable(database, table, plan.keepFrom);
  if (tally.rows + pruned > 0) await database.settle(table);
  signal.throwIfAborted();
  return {
    into: table,
    rows: tally.rows,
    written: tally.written,
    pruned,
    days: { loaded: tally.days, unchanged: plan.unchanged },
    batches: tally.batches,
    left_out: tally.leftOut,
    indexes_dropped: plan.drops,
    indexes_mended: mended,
    keep_from: plan.keepFrom ?? null,
  };
}

/** The indexes are there again whatever ends the load, but for a kill or a server that is gone. */
async function loadedBetween(
  drops: boolean,
  table: string,
  tools: LoadTools,
  load: (prepare: LoadOptions['prepare']) => Promise<LoadTally>,
): Promise<LoadTally> {
  const { database, hear } = tools;
  let dropped: readonly string[] | undefined;
  const prepare: LoadOptions['prepare'] = async (shape) => {
    await prepareTable(database, shape);
    if (!drops || dropped !== undefined) return;
    dropped = await dropIndexes(database, table);
    hear({ type: 'indexes', table, done: 'dropped', names: dropped });
  };
  let tally: LoadTally;
  try {
    tally = await load(prepare);
  } catch (error) {
    if (dropped !== undefined) await makeAgain(table, tools).catch(() => undefined);
    throw error;
  }
  if (dropped !== undefined) await makeAgain(table, tools);
  return tally;
}

async function makeAgain(table: string, { database, hear }: LoadTools): Promise<readonly string[]> {
  hear({ type: 'indexes', table, done: 'making', names: await indexesAway(database, table) });
  const names = await restoreIndexes(database, table);
  hear({ type: 'indexes', table, done: 'made', names });
  return names;
}
