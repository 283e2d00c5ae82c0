/** What a load would do, from what the table says of itself. Changes nothing. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { DatabaseError } from '#store/database/database-error.js';
import { indexesAway } from '#store/database/indexes.js';
import { holdsDays, type LoadRecords, readLoads } from '#store/database/loads.js';
import type { Database } from '#store/database/port.js';
import type { TableShape } from '#store/database/table-shape.js';
import { isTableThere } from '#store/database/tables.js';
import { decideUnit } from './decide-unit.js';
import { dropsIndexes, type IndexWish } from './drop-decision.js';
import type { PlannedUnit } from './load-units.js';
import type { LoadMode, LoadUnit } from './unit.js';

export interface LoadWish {
  readonly shape: Omit<TableShape, 'columns'>;
  /** Ascending by day. */
  readonly units: readonly LoadUnit[];
  readonly mode: LoadMode;
  readonly indexes: IndexWish;
  /** The key is not looked at: for days of which the table has no row. */
  readonly skipsDuplicates: boolean;
  /** Only so many calendar days up to the newest stay in the table. */
  readonly keepDays: number | undefined;
}

export interface LoadPlan {
  readonly isThere: boolean;
  readonly units: readonly PlannedUnit[];
  /** Days that are loaded already. */
  readonly unchanged: number;
  /** About how many rows are to be loaded. */
  readonly rows: number;
  readonly drops: boolean;
  /** Indexes that a load which broke off has taken away. */
  readonly away: readonly string[];
  /** Days before it do not stay. */
  readonly keepFrom: IsoDay | undefined;
}

/** `database`: undefined where there is none yet. Throws DatabaseError. */
export async function planLoad(database: Database | undefined, wish: LoadWish): Promise<LoadPlan> {
  const { shape, mode, indexes, skipsDuplicates } = wish;
  const isThere = database !== undefined && (await isTableThere(database, shape));
  const records: LoadRecords = isThere ? await readLoads(database, shape.name) : new Map();
  const keepFrom = keepFromOf(wish, records);
  const kept = wish.units.filter(({ day }) => keepFrom === undefined || day >= keepFrom);
  const units = kept.flatMap((unit): readonly PlannedUnit[] => {
    const decision = decideUnit(unit, records.get(unit.day) ?? [], mode);
    return decision.way === 'skip' ? [] : [{ unit, decision }];
  });
  if (isThere && skipsDuplicates) await refuseDoubles(database, wish, units);
  const rows = units.reduce((sum, { unit, decision }) => sum + Math.max(0, unit.rows - decision.done), 0);
  const drops = dropsIndexes({
    wish: indexes,
    rowsThere: isThere ? await database.rowsIn(shape.name) : 0,
    rowsToLoad: rows,
    isFresh: units.every(({ decision }) => decision.way === 'direct'),
  });
  const away = isThere ? await indexesAway(database, shape.name) : [];
  return { isThere, units, unchanged: kept.length - units.length, rows, drops, away, keepFrom };
}

function keepFromOf({ units, keepDays }: LoadWish, records: LoadRecords): IsoDay | undefined {
  const days = [...units.map(({ day }) => day), ...records.keys()].sort();
  const newest = days.at(-1);
  return newest === undefined || keepDays === undefined ? undefined : addDays(newest, 1 - keepDays);
}

/** Throws DatabaseError (`usage`) where a row may be there. */
async function refuseDoubles(
  database: Database,
  { shape: { name } }: LoadWish,
  units: readonly PlannedUnit[],
): Promise<void> {
  const refuse = (day: IsoDay): never => {
    throw new DatabaseError(
      'usage',
      `--skip-duplicates is for days that are not in the table yet, and ${name} has rows of ${day}: leave it out`,
    );
  };
  const taken = units.find(({ decision }) => decision.way !== 'direct');
  if (taken !== undefined) refuse(taken.unit.day);
  for (const { unit, decision } of units)
    if (
      decision.done === 0 &&
      (await holdsDays(database, name, { start: unit.day, end: unit.day }, unit.only))
    )
      refuse(unit.day);
}
