/**
 * A Qlib data folder out of the lake. Readers go by the calendar, which is written last: until then they see
 * what was there. Days behind the last are appended; whatever else has changed makes the folder anew, file by
 * file.
 */
import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Adjustment } from '#market/adjust/adjusted-bar.js';
import type { Dataset } from '#market/datasets/dataset.js';
import {
  makeDurable,
  makeFolder,
  removeTemporaries,
  replaceFile,
  replaceFiles,
  syncFileSystems,
  syncFolder,
  temporaryName,
} from '#platform/disk/durable.js';
import { sha256 } from '#platform/disk/sha256.js';
import { type Bronze, openBronze } from '#store/lake/bronze.js';
import { daysOf } from '#store/lake/built.js';
import { listOf } from '#store/lake/duckdb.js';
import { LakeError } from '#store/lake/lake-error.js';
import { partitionFile } from '#store/lake/layout.js';
import { parquetOf } from '#store/lake/views.js';
import { appendBin, type Bins, binName, cutBin, FIELDS, writeBins } from '#store/qlib/bins.js';
import { listsOf, type Symbols } from '#store/qlib/lists.js';
import { QLIB_SCHEMA, type QlibRecord, readRecord, recordFile } from '#store/qlib/record.js';
import { symbolFolder, symbolOf } from '#store/qlib/symbols.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { type AdjustedValues, openAdjustedValues } from './adjusted-values.js';
import { histories } from './histories.js';
import { type ExportPlan, planExport } from './plan.js';

export interface QlibRequest {
  readonly dataset: Dataset;
  readonly folder: string;
  /** Undefined: every ticker. */
  readonly tickers: readonly string[] | undefined;
  readonly adjust: Adjustment | 'none';
  readonly dryRun: boolean;
  /** Tickers whose files are not to be believed, and the lists with them: what a repair makes again. */
  readonly distrusted?: ReadonlySet<string>;
}

export interface QlibResult {
  readonly dataset: string;
  readonly folder: string;
  readonly adjust: Adjustment | 'none';
  readonly plan: ExportPlan['kind'];
  readonly days: number;
  /** Of the calendar, that were not there. */
  readonly new_days: number;
  readonly symbols: number;
  /** Files that were written or grew. */
  readonly files: number;
}

/** Throws LakeError, the disk's error, or the signal's reason: then the same export again goes on rightly. */
export async function exportQlib(
  { dataset, folder, tickers, adjust, dryRun, distrusted }: QlibRequest,
  lake: OpenLake,
  { layout, signal }: LakeTools,
): Promise<QlibResult> {
  const bronze = await openBronze(layout, dataset.name, lake.duck);
  const days = [...daysOf(bronze.built)].map(([day, { sha256: mark }]) => [day, mark] as const).sort();
  if (days.length === 0)
    throw new LakeError(
      `${dataset.name} is not in the lake yet: run barloom lake build -t ${dataset.name} first.`,
      'usage',
    );
  const before = await readRecord(folder);
  if (before === undefined && existsSync(path.join(folder, 'features')))
    throw new LakeError(
      `${folder} holds a Qlib folder that barloom did not make: give another one, or remove it.`,
      'usage',
    );
  const wish = {
    dataset: dataset.name,
    adjust,
    list: tickers === undefined ? '' : sha256(tickers.join('\n')),
    days,
  };
  const adjusted =
    adjust === 'none'
      ? undefined
      : await openAdjustedValues(
          { layout, dataset, tickers, by: adjust, asOf: days.at(-1)?.[0] ?? '' },
          await lake.duck(),
        );
  const events = Object.fromEntries(adjusted?.marks ?? []);
  const anew = new Set(
    Object.values(before?.symbols ?? {})
      .map(([ticker]) => ticker)
      .filter((ticker) => before?.events?.[ticker] !== events[ticker] || distrusted?.has(ticker) === true),
  );
  const plan = planExport(before, wish, anew.size > 0 || distrusted !== undefined);
  const tally = {
    dataset: dataset.name,
    folder,
    adjust,
    plan: plan.kind,
    days: days.length,
    new_days:
      days.length - (plan.kind === 'append' || plan.kind === 'nothing' ? (before?.days.length ?? 0) : 0),
  };
  if (dryRun || plan.kind === 'nothing')
    return { ...tally, symbols: Object.keys(before?.symbols ?? {}).length, files: 0 };
  const job: Job = {
    dataset,
    folder,
    tickers,
    adjusted,
    anew,
    bronze,
    days: days.map(([day]) => day),
    lake,
    signal,
  };
  const note = (
    state: QlibRecord['state'],
    symbols: QlibRecord['symbols'],
    known: QlibRecord['days'],
    adjustedFor: QlibRecord['events'],
  ): Promise<void> =>
    replaceFile(
      recordFile(folder),
      `${JSON.stringify({ schema: QLIB_SCHEMA, state, ...wish, days: known, events: adjustedFor, ratios: before?.ratios, symbols })}\n`,
    );
  const old: Symbols = new Map(Object.entries(before?.symbols ?? {}));
  await makeFolder(path.join(folder, 'features'));
  await removeTemporaries(path.join(folder, 'features'));
  if (plan.kind === 'whole' || before === undefined) {
    await note('unfinished', before?.symbols ?? {}, [], {});
    const { symbols, files } = await writeWhole(job);
    for (const symbol of old.keys())
      if (!symbols.has(symbol))
        rmSync(path.join(folder, 'features', symbolFolder(symbol)), { recursive: true, force: true });
    await writeLists(folder, job.days, symbols);
    await note('whole', Object.fromEntries(symbols), days, events);
    return { ...tally, symbols: symbols.size, files };
  }
  if (before.state === 'appending') cutAll(folder, old, anew);
  await note('appending', before.symbols, before.days, before.events);
  const { symbols, files } = await append(job, old, plan.from);
  await writeLists(folder, job.days, symbols);
  await note('whole', Object.fromEntries(symbols), days, events);
  return { ...tally, symbols: symbols.size, files };
}

interface Job {
  readonly dataset: Dataset;
  readonly folder: string;
  readonly tickers: readonly string[] | undefined;
  readonly adjusted: AdjustedValues | undefined;
  /** Tickers whose values are adjusted for something else than their files are: these are made again. */
  readonly anew: ReadonlySet<string>;
  readonly bronze: Bronze;
  readonly days: readonly string[];
  readonly lake: OpenLake;
  readonly signal: AbortSignal;
}

interface Written {
  readonly symbols: Symbols;
  readonly files: number;
}

async function writeWhole(job: Job): Promise<Written> {
  const { dataset, folder, bronze, days, tickers, adjusted, lake, signal } = job;
  const symbols: Symbols = new Map();
  const names: string[] = [];
  for await (const { ticker, first, last, values } of histories(
    { bronze, days, tickers, adjusted, from: 0 },
    new Map(),
    await lake.duck(),
  )) {
    signal.throwIfAborted();
    const symbol = symbolOf(ticker, dataset.series.prefix);
    symbols.set(symbol, [ticker, first, last]);
    names.push(symbolFolder(symbol));
    writeNew(folder, symbol, first, values);
  }
  await giveNames(folder, names);
  return { symbols, files: names.length * FIELDS.length };
}

function writeNew(folder: string, symbol: string, first: number, values: Bins): void {
  const temporary = temporaryName(path.join(folder, 'features', symbolFolder(symbol)));
  mkdirSync(temporary);
  writeBins(temporary, first, values);
}

/** Of symbols that were written under temporary names: all durable first, then each under its own. */
async function giveNames(folder: string, names: readonly string[]): Promise<void> {
  const features = path.join(folder, 'features');
  const written = names.flatMap((name) =>
    FIELDS.map((field) => path.join(temporaryName(path.join(features, name)), binName(field))),
  );
  if (names.length === 0) return;
  if (process.platform !== 'linux' || !(await syncFileSystems([features]))) await makeDurable(written);
  for (const name of names) {
    const own = path.join(features, name);
    const temporary = temporaryName(own);
    if (!existsSync(own)) {
      renameSync(temporary, own);
      continue;
    }
    for (const field of FIELDS)
      renameSync(path.join(temporary, binName(field)), path.join(own, binName(field)));
    rmdirSync(temporary);
  }
  await syncFolder(features);
}

/** `from`: the first calendar index that is new. */
async function append(job: Job, old: Symbols, from: number): Promise<Written> {
  const { dataset, folder, bronze, days, tickers, adjusted, anew, lake, signal } = job;
  const symbols: Symbols = new Map(old);
  const closes = await lastCloses(job, from);
  const fresh: string[] = [];
  const grown: string[] = [];
  const wish = { bronze, days, tickers, adjusted, from };
  const added = from < days.length ? histories(wish, closes, await lake.duck()) : [];
  for await (const history of added) {
    signal.throwIfAborted();
    const { ticker, first, last, values } = history;
    if (anew.has(ticker)) continue;
    const symbol = symbolOf(ticker, dataset.series.prefix);
    const known = old.get(symbol);
    if (known === undefined) {
      writeNew(folder, symbol, first, values);
      fresh.push(symbolFolder(symbol));
      symbols.set(symbol, [ticker, first, last]);
      continue;
    }
    const [, start, end] = known;
    for (const field of FIELDS) {
      const more = new Float32Array(last - end).fill(Number.NaN);
      more.set(values[field], first - end - 1);
      const file = path.join(folder, 'features', symbolFolder(symbol), binName(field));
      appendBin(file, end - start + 1, more);
      grown.push(file);
    }
    symbols.set(symbol, [ticker, start, last]);
  }
  const again = { bronze, days, tickers: [...anew], adjusted, from: 0 };
  for await (const { ticker, first, last, values } of anew.size > 0
    ? histories(again, new Map(), await lake.duck())
    : []) {
    signal.throwIfAborted();
    const symbol = symbolOf(ticker, dataset.series.prefix);
    writeNew(folder, symbol, first, values);
    fresh.push(symbolFolder(symbol));
    symbols.set(symbol, [ticker, first, last]);
  }
  const features = path.join(folder, 'features');
  if (grown.length > 0 && (process.platform !== 'linux' || !(await syncFileSystems([features]))))
    await makeDurable(grown);
  await giveNames(folder, fresh);
  return { symbols, files: grown.length + fresh.length * FIELDS.length };
}

/** Of each ticker that has a bar on the new days, the close before them, not rounded to what a bin holds. */
async function lastCloses({ bronze, days, lake }: Job, from: number): Promise<ReadonlyMap<string, number>> {
  const duck = await lake.duck();
  const source = parquetOf(
    listOf([...bronze.built.keys()].map((partition) => `${bronze.folder}/${partitionFile(partition)}`)),
  );
  const rows = await duck.rows(
    `SELECT ticker, arg_max(close, date) AS close FROM ${source} WHERE date < DATE '${days[from] ?? '9999-12-31'}' GROUP BY ticker`,
  );
  return new Map(rows.map((row) => [String(row['ticker']), Number(row['close'])]));
}

/**
 * After an append that was stopped: what is longer than the calendar that is there. Throws LakeError where a
 * file is lacking that is not made anew.
 */
function cutAll(folder: string, symbols: Symbols, anew: ReadonlySet<string>): void {
  for (const [symbol, [ticker, first, last]] of symbols)
    for (const field of anew.has(ticker) ? [] : FIELDS) {
      const file = path.join(folder, 'features', symbolFolder(symbol), binName(field));
      if (!cutBin(file, last - first + 1))
        throw new LakeError(
          `${file} is shorter than it should be: remove ${recordFile(folder)} and features/, and export again.`,
          'incomplete',
        );
    }
}

/** Instruments, the table of names, and the calendar last. */
async function writeLists(folder: string, days: readonly string[], symbols: Symbols): Promise<void> {
  const [calendar, ...others] = listsOf(days, symbols);
  await replaceFiles(others.map(({ name, content }) => ({ file: path.join(folder, name), content })));
  await replaceFile(path.join(folder, calendar.name), calendar.content);
}
