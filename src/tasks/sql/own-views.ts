/**
 * The views of what barloom knows itself, each made when a statement names it first: datasets out of lake and
 * archive, their features, tickers, sessions and the states of days.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { lastDueSession } from '#market/calendar/due.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { dayFileName } from '#market/datasets/key.js';
import { isBarADay } from '#market/datasets/series-form.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { openArchive } from '#store/archive/store.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { withDataFolder } from '#store/folder/open.js';
import { openBronze } from '#store/lake/bronze.js';
import { daysOf } from '#store/lake/built.js';
import { type Duck, identifier, listOf, literal } from '#store/lake/duckdb.js';
import { layerFolder, partitionFile } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { datasetView, parquetOf } from '#store/lake/views.js';
import { coverDays, coveredRange } from '#tasks/coverage/cover.js';
import { needOf } from '#tasks/lake/plan-build.js';
import { RATIOS_BESIDE_PRICES, ratiosBesidePrices } from '#tasks/ratios/beside-prices.js';

export interface ViewOptions {
  readonly layout: FolderLayout;
  readonly now: Date;
  readonly duck: Duck;
  /** Everything as it was known at the end of that day. */
  readonly asOf?: IsoDay | undefined;
  readonly warn: (text: string) => void;
}

/** Makes the views of these names that are not made yet. */
type Make = (names: ReadonlySet<string>) => Promise<void>;

export const FEATURES = '_features';

/** Compressed bytes of unbuilt days from which on a warning comes first. */
const MANY_BYTES = 200e6;

export async function makeRatiosBeside({ layout, duck, asOf }: ViewOptions, make: Make): Promise<void> {
  await make(new Set([stocksDaily.name]));
  await duck.run(viewSql(RATIOS_BESIDE_PRICES, ratiosBesidePrices(layout, asOf)));
}

export function isHeld(dataset: Dataset, layout: FolderLayout): boolean {
  return (
    openArchive(layout, dataset).days().length > 0 || existsSync(layerFolder(layout, 'bronze', dataset.name))
  );
}

export async function makeDataset(
  dataset: Dataset,
  { layout, duck, warn, asOf }: ViewOptions,
): Promise<void> {
  const bronze = await openBronze(layout, dataset.name, async () => duck);
  const built = daysOf(bronze.built);
  const archive = openArchive(layout, dataset);
  const unbuilt = archive.days().flatMap((day) => {
    const stamp = archive.stampOf(day);
    return stamp === undefined || needOf(built.get(day), stamp, { forced: false }) === 'none'
      ? []
      : [{ day, size: stamp.size }];
  });
  const bytes = unbuilt.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MANY_BYTES)
    warn(
      `${dataset.name}: ${unbuilt.length} days of ${Math.round(bytes / 1e6).toLocaleString('en-US')} MB are read from the archive, which takes its time: barloom lake build -t ${dataset.name} makes it quick`,
    );
  for (const [partition, { what }] of bronze.damaged)
    warn(`${dataset.name}: ${partition} of the lake is damaged (${what}): barloom lake verify --repair`);
  const view = datasetView({
    dataset,
    archive,
    folder: bronze.folder,
    built: bronze.built,
    fromArchive: unbuilt.map(({ day }) => day),
  });
  if (view === undefined) return;
  for (const day of view.unreadable)
    warn(`${dataset.name}: ${dayFileName(day)} cannot be read: barloom verify --repair`);
  await duck.run(viewSql(tableOf(dataset), upTo(view.sql, asOf)));
}

/** A prefix that barloom does not know is a name without a slash here: `us_new_thing_v1`. */
export function tableOf({ name }: Dataset): string {
  return name.replaceAll('/', '_');
}

export function viewSql(name: string, sql: string): string {
  return `CREATE VIEW ${identifier(name)} AS ${sql}`;
}

/** Rows of that day and before, where one is given. */
function upTo(sql: string, asOf: IsoDay | undefined): string {
  return asOf === undefined ? sql : `SELECT * FROM (${sql}) WHERE date <= DATE '${asOf}'`;
}

export async function makeFeatures(name: string, { layout, duck, asOf }: ViewOptions): Promise<void> {
  const folder = layerFolder(layout, 'silver', name);
  const files = [...filesIn(folder).keys()].map((partition) => path.join(folder, partitionFile(partition)));
  await duck.run(viewSql(`${name}${FEATURES}`, upTo(`SELECT * FROM ${parquetOf(listOf(files))}`, asOf)));
}

/** Of datasets whose days are bars: first and last day, and how many. */
export async function makeTickers(
  name: string,
  held: readonly Dataset[],
  { duck }: ViewOptions,
  make: Make,
): Promise<void> {
  const daily = held.filter(({ series }) => isBarADay(series));
  await make(new Set(daily.map(({ name }) => name)));
  const parts = daily.map(
    ({ name }) =>
      `SELECT ${literal(name)} AS dataset, ticker, min(date) AS first_day, max(date) AS last_day, count(DISTINCT date) AS days FROM ${identifier(name)} GROUP BY ticker`,
  );
  await duck.run(
    `CREATE VIEW ${identifier(name)} AS ${parts.length > 0 ? parts.join(' UNION ALL ') : "SELECT '' AS dataset, '' AS ticker, NULL::DATE AS first_day, NULL::DATE AS last_day, 0 AS days WHERE false"}`,
  );
}

/** From the vendor's first day to the last session that is due. */
export async function makeSessions(held: readonly Dataset[], { duck, now }: ViewOptions): Promise<void> {
  const rows = held.flatMap(({ name, calendar, firstDay, publication }) =>
    calendar
      .sessions(firstDay, lastDueSession(calendar, publication, now))
      .map((day) => ({ dataset: name, date: day })),
  );
  await table(duck, 'sessions', { dataset: 'VARCHAR', date: 'DATE' }, rows);
}

/** Each session from the first that the folder knows on, and what the lake has of it. */
export async function makeDays(held: readonly Dataset[], { duck, layout, now }: ViewOptions): Promise<void> {
  const rows = await withDataFolder({ layout, access: 'read', command: 'sql', now }, async (folder) => {
    const all: Readonly<Record<string, unknown>>[] = [];
    for (const dataset of held) {
      const archive = folder.archive(dataset);
      const facts = {
        dataset,
        known: folder.known(dataset),
        archived: archive.days(),
        copyOf: archive.stampOf,
        accepted: new Map<string, string>(),
        now,
      };
      const built = daysOf((await openBronze(layout, dataset.name, async () => duck)).built);
      const range = coveredRange(facts);
      for (const { day, state, reason, copy } of range === undefined
        ? []
        : coverDays(range.start, range.end, facts))
        all.push({
          dataset: dataset.name,
          date: day,
          state,
          reason,
          archive_bytes: copy?.size,
          in_lake: built.has(day),
          rows: built.get(day)?.rows ?? facts.known.days.get(day)?.rows,
          text_sha256: built.get(day)?.sha256,
        });
    }
    return all;
  });
  const columns = {
    dataset: 'VARCHAR',
    date: 'DATE',
    state: 'VARCHAR',
    reason: 'VARCHAR',
    archive_bytes: 'BIGINT',
    in_lake: 'BOOLEAN',
    rows: 'BIGINT',
    text_sha256: 'VARCHAR',
  };
  await table(duck, 'days', columns, rows);
}

async function table(
  duck: Duck,
  name: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await duck.connection.run(
    `CREATE TABLE ${identifier(name)} AS SELECT unnest(from_json($1, ${literal(JSON.stringify([columns]))}), recursive := true)`,
    [JSON.stringify(rows)],
  );
}
