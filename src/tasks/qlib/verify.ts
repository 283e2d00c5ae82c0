/**
 * Is the Qlib folder true? Its lists and the size of each file against what was written; where it is of the
 * lake's days, also every value, made anew. A folder that is behind the lake is outdated, not damaged.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ADJUSTMENTS } from '#market/adjust/adjusted-bar.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { openBronze } from '#store/lake/bronze.js';
import { daysOf } from '#store/lake/built.js';
import { binBytes, binName, FIELDS } from '#store/qlib/bins.js';
import { listsOf, type Symbols } from '#store/qlib/lists.js';
import { type QlibRecord, readRecord } from '#store/qlib/record.js';
import { symbolFolder, symbolOf } from '#store/qlib/symbols.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { type AdjustedValues, openAdjustedValues } from './adjusted-values.js';
import { exportQlib } from './export.js';
import { histories } from './histories.js';
import { type ExportPlan, planExport } from './plan.js';
import { exportRatioFields, ratioDamage } from './ratio-fields.js';

export interface QlibDamage {
  /** Below the Qlib folder. */
  readonly file: string;
  readonly what: string;
  /** Undefined for a list. */
  readonly ticker: string | undefined;
}

export interface QlibVerified {
  readonly symbols: number;
  readonly files: number;
  /** Symbols whose values were made anew. */
  readonly compared: number;
  /** Whether `qlib export` has something to do. */
  readonly outdated: boolean;
  readonly damage: readonly QlibDamage[];
}

interface QlibWish {
  readonly dataset: Dataset;
  readonly folder: string;
  /** False: the lists and sizes alone. */
  readonly values: boolean;
}

/** Undefined where the folder is none of this dataset. Throws LakeError, the disk's error, or the signal's reason. */
export async function verifyQlib(
  { dataset, folder, values }: QlibWish,
  lake: OpenLake,
  { layout, signal }: LakeTools,
): Promise<QlibVerified | undefined> {
  const record = await readRecord(folder);
  if (record === undefined || record.dataset !== dataset.name) return undefined;
  const symbols: Symbols = new Map(Object.entries(record.symbols));
  const tally = { symbols: symbols.size, files: symbols.size * FIELDS.length };
  // Of one that was stopped, the next export believes nothing.
  if (record.state === 'unfinished') return { ...tally, compared: 0, outdated: true, damage: [] };
  const damage = [...listDamage(folder, record, symbols), ...sizeDamage(folder, record, symbols)];
  const bronze = await openBronze(layout, dataset.name, lake.duck);
  const days = [...daysOf(bronze.built)].map(([day, { sha256: mark }]) => [day, mark] as const).sort();
  const tickers = tickersOf(record);
  const adjusted = await adjustedOf(record, { layout, dataset }, lake);
  const changed = new Set(
    [...symbols.values()]
      .map(([ticker]) => ticker)
      .filter((ticker) => record.events?.[ticker] !== adjusted?.marks.get(ticker)),
  );
  const plan: ExportPlan['kind'] = planExport(record, { ...record, days }, changed.size > 0).kind;
  const isOfTheseDays = record.state === 'whole' && record.days.length === days.length && plan !== 'whole';
  let compared = 0;
  if (values && isOfTheseDays) {
    const broken = new Set(damage.map(({ ticker }) => ticker));
    const wish = { bronze, days: days.map(([day]) => day), tickers, adjusted, from: 0 };
    for await (const { ticker, first, values: bins } of histories(wish, new Map(), await lake.duck())) {
      signal.throwIfAborted();
      const symbol = symbolOf(ticker, dataset.series.prefix);
      if (changed.has(ticker) || broken.has(ticker) || !symbols.has(symbol)) continue;
      const below = path.join('features', symbolFolder(symbol));
      const field = FIELDS.find(
        (one) => !readFileSync(path.join(folder, below, binName(one))).equals(binBytes(first, bins[one])),
      );
      if (field !== undefined)
        damage.push({
          file: path.join(below, binName(field)),
          what: `${ticker} has other values than its days give`,
          ticker,
        });
      compared++;
    }
    for (const file of await ratioDamage(folder, record, layout, lake.duck))
      damage.push({ file, what: 'it has other values than the ratios give', ticker: undefined });
  }
  return { ...tally, compared, outdated: plan !== 'nothing', damage };
}

/** Makes the damaged files again, and the lists. Throws as `exportQlib` does. */
export async function repairQlib(
  { dataset, folder }: Pick<QlibWish, 'dataset' | 'folder'>,
  { damage }: QlibVerified,
  lake: OpenLake,
  tools: LakeTools,
): Promise<void> {
  const record = await readRecord(folder);
  if (record === undefined) return;
  const distrusted = new Set(damage.flatMap(({ ticker }) => (ticker === undefined ? [] : [ticker])));
  const adjust = ADJUSTMENTS.find((one) => one === record.adjust) ?? 'none';
  const tickers = tickersOf(record);
  await exportQlib({ dataset, folder, tickers, adjust, dryRun: false, distrusted }, lake, tools);
  await exportRatioFields({ folder, names: undefined, anew: true }, lake, tools);
}

/** Of an export of a list, those that had a bar. */
function tickersOf({ list, symbols }: QlibRecord): readonly string[] | undefined {
  return list === '' ? undefined : Object.values(symbols).map(([ticker]) => ticker);
}

async function adjustedOf(
  record: QlibRecord,
  { layout, dataset }: { readonly layout: LakeTools['layout']; readonly dataset: Dataset },
  lake: OpenLake,
): Promise<AdjustedValues | undefined> {
  const by = ADJUSTMENTS.find((one) => one === record.adjust);
  if (by === undefined) return undefined;
  const asOf = record.days.at(-1)?.[0] ?? '';
  return openAdjustedValues({ layout, dataset, tickers: tickersOf(record), by, asOf }, await lake.duck());
}

function listDamage(folder: string, { days }: QlibRecord, symbols: Symbols): readonly QlibDamage[] {
  const calendar = days.map(([day]) => day);
  return listsOf(calendar, symbols).flatMap(({ name, content }) =>
    textOf(path.join(folder, name)) === content
      ? []
      : [{ file: name, what: 'it is not the list that was written', ticker: undefined }],
  );
}

function textOf(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(file, 'utf8')
    : undefined;
}

/** A file may be longer while days are being appended: readers go by the calendar. */
function sizeDamage(folder: string, { state }: QlibRecord, symbols: Symbols): readonly QlibDamage[] {
  const damage: QlibDamage[] = [];
  for (const [symbol, [ticker, first, last]] of symbols) {
    const below = path.join('features', symbolFolder(symbol));
    const wanted = 4 * (last - first + 2);
    for (const field of FIELDS) {
      const file = path.join(below, binName(field));
      const size = statSync(path.join(folder, file), { throwIfNoEntry: false })?.size;
      const isRight = size === wanted || (state === 'appending' && size !== undefined && size > wanted);
      if (!isRight)
        damage.push({
          file,
          what: size === undefined ? 'it is not there' : `it has ${size} bytes, not ${wanted}`,
          ticker,
        });
    }
  }
  return damage;
}
