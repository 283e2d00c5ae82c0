/** What the options of fetch ask for. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import type { CommandContext } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { GROUP_NAMES, TABLES, typesNamed } from '#market/tables/all.js';
import type { TableType } from '#market/tables/table-type.js';
import { nearestTickers } from '#market/tickers/near.js';
import { readAllTracked } from '#store/lists/all-tracked.js';
import { parseTickerList } from '#store/lists/list-file.js';
import { readTextFile } from '#store/lists/text-file.js';
import type { FetchRequest, Universe } from '#tasks/fetch/request.js';

/** As the older downloader had them. */
const DEFAULT_WORKERS = 8;
const DEFAULT_BATCH = 50;

/** Throws UsageError, TickerListError or the disk's error. */
export async function fetchRequest(
  { args, flags, environment }: Invocation,
  { layout, settings, now }: CommandContext,
): Promise<Omit<FetchRequest, 'source'>> {
  const { cwd } = environment;
  const tickers = await namedTickers(flags, cwd);
  const refill = listed(flags['refill']);
  const today = now.toISOString().slice(0, 10);
  const batchSize = countOption(flags['batchSize'], '--batch-size', DEFAULT_BATCH);
  const tracked = await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), cwd);
  return {
    types: fetchTypes(args, flags['includeShortData'] === true),
    wish: {
      today,
      ...rangeOf(flags, today),
      tickers: tickers.length > 0 ? tickers : undefined,
      refill: refill.length > 0 ? refill : undefined,
      force: flags['force'] === true,
      full: flags['full'] === true,
      groupSize: batchSize,
    },
    universe: universeOf(flags['universe']),
    tracked: tracked.tickers,
    workers: countOption(flags['workers'], '--workers', DEFAULT_WORKERS),
    batchSize,
    startBatch: countOption(flags['startBatch'], '--start-batch', 1),
    adoptSource: flags['adoptSource'] === true,
  };
}

/** Of the words that were given. Throws UsageError for one that means none. */
export function fetchTypes(words: readonly string[], short: boolean): readonly TableType[] {
  const given = words.flatMap((word) => word.split(',')).filter(Boolean);
  if (given.length === 0)
    throw new UsageError(
      `Say what to fetch: ${GROUP_NAMES.join(', ')}, or types by name: ${[...TABLES.keys()].join(', ')}.`,
    );
  const wanted = new Set(
    given.flatMap((word) => {
      const types = typesNamed(word, { short });
      if (types === undefined) throw unknownType(word);
      return types;
    }),
  );
  const shorts = short ? (typesNamed('short', { short }) ?? []) : [];
  return [...TABLES.values()].filter((type) => wanted.has(type) || shorts.includes(type));
}

export function unknownType(word: string): UsageError {
  const names = [...GROUP_NAMES, ...TABLES.keys()];
  const near = nearestTickers(word, names, 2);
  return new UsageError(
    `fetch ${word} is not known: ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `give ${names.join(', ')}.`}`,
  );
}

async function namedTickers(flags: Invocation['flags'], cwd: string): Promise<readonly string[]> {
  const files = listed(flags['tickerFiles']);
  const ofFiles = await Promise.all(
    files.map(async (file) => {
      const text = await readTextFile(path.resolve(cwd, file), 'wait');
      if (text === undefined) throw new UsageError(`There is no file ${path.resolve(cwd, file)}.`);
      return parseTickerList(text);
    }),
  );
  return [...new Set([...listed(flags['tickers']), ...ofFiles.flat()])];
}

/** One text with commas, or several. Case is a part of a ticker. */
function listed(given: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  return texts
    .flatMap((text) => String(text).split(','))
    .map((text) => text.trim())
    .filter(Boolean);
}

function rangeOf(
  flags: Invocation['flags'],
  today: IsoDay,
): { readonly start?: IsoDay; readonly end?: IsoDay } {
  const start = dayOption(flags['start'], '--start');
  const end = dayOption(flags['end'], '--end');
  const years = flags['backfillYears'];
  if (years !== undefined && start !== undefined)
    throw new UsageError('Give only one of --start and --backfill-years.');
  const first =
    years === undefined
      ? start
      : `${Number(today.slice(0, 4)) - countOption(years, '--backfill-years', 1)}-01-01`;
  if (first !== undefined && end !== undefined && first > end)
    throw new UsageError(`--start ${first} is after --end ${end}.`);
  return { ...(first === undefined ? {} : { start: first }), ...(end === undefined ? {} : { end }) };
}

function dayOption(given: unknown, flag: string): IsoDay | undefined {
  if (given === undefined) return undefined;
  const day = String(given);
  if (!isIsoDay(day)) throw new UsageError(`${flag} ${day} is no day: give YYYY-MM-DD.`);
  return day;
}

function countOption(given: unknown, flag: string, fallback: number): number {
  if (given === undefined) return fallback;
  const n = Number(given);
  if (!Number.isInteger(n) || n < 1)
    throw new UsageError(`${flag} must be a whole number from 1 up, not ${String(given)}.`);
  return n;
}

function universeOf(given: unknown): Universe {
  if (given === undefined) return 'common';
  if (given === 'common' || given === 'all' || given === 'tracked') return given;
  throw new UsageError(`--universe ${String(given)} is not known: give common, all or tracked.`);
}
