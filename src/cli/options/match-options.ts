/** The options of `match`, under their names and under those of the older program. */
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import { UsageError } from '#cli/usage-error.js';
import { CURRENCY_POLICIES, type CurrencyPolicy } from '#market/instruments/currency.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type MatchPlaces, PRICE_FORMATS, type PriceFormat } from '#tasks/match/request.js';
import { ownPlace } from './own-files.js';

type Flags = Readonly<Record<string, unknown>>;

/** Camel-cased: ours by the older program's. */
const OLDER_NAMES = {
  tradeableDir: 'instruments',
  metadataOutput: 'index',
  pricesOutput: 'pricesDir',
  includeEmptyPrices: 'includeEmpty',
  lseCurrencyPolicy: 'currencyPolicy',
  maxWorkers: 'workers',
  cacheMetadata: 'state',
} as const;

/** The same under our names alone. Throws UsageError where both stand on the command line. */
export function withOwnNames(flags: Flags): Flags {
  const own: Record<string, unknown> = { ...flags };
  for (const [older, name] of Object.entries(OLDER_NAMES)) {
    if (flags[older] === undefined) continue;
    if (flags[name] !== undefined)
      throw new UsageError(`Give only one of ${dashed(name)} and ${dashed(older)}.`);
    own[name] = flags[older];
  }
  return own;
}

function dashed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * What is given is relative to the working directory; the default places of what is written are in the data
 * folder. Throws UsageError.
 */
export function placesOf(flags: Flags, layout: FolderLayout, { cwd }: Pick<Environment, 'cwd'>): MatchPlaces {
  const given = (name: string): string | undefined =>
    flags[name] === undefined ? undefined : path.resolve(cwd, String(flags[name]));
  const metadata = path.join(layout.dataDir, 'data', 'metadata');
  const places: MatchPlaces = {
    stooqDir: given('stooqDir') ?? path.resolve(cwd, 'data', 'stooq'),
    instrumentsDir: given('instruments') ?? path.resolve(cwd, 'tradeable_instruments'),
    aliasesFile: given('aliases'),
    indexFile: given('index') ?? path.join(metadata, 'stooq_index.csv'),
    matchReport: given('matchReport') ?? path.join(metadata, 'tradeable_matches.csv'),
    unmatchedReport: given('unmatchedReport') ?? path.join(metadata, 'tradeable_unmatched.csv'),
    pricesDir: given('pricesDir') ?? path.join(layout.dataDir, 'data', 'processed', 'tradeable_prices'),
    stateFile: given('state') ?? path.join(metadata, '.prepare_cache.json'),
  };
  refuseMixedPlaces(places, layout);
  return places;
}

/** A report among the lists would be read as one the next time; prices in the archive would be its files. */
function refuseMixedPlaces(places: MatchPlaces, layout: FolderLayout): void {
  const { stooqDir, instrumentsDir, indexFile, matchReport, unmatchedReport, stateFile, pricesDir } = places;
  const outputs = [indexFile, matchReport, unmatchedReport, stateFile];
  if (new Set(outputs).size < outputs.length)
    throw new UsageError(
      'The index, the two reports and the state need a file each: two of them are given the same.',
    );
  for (const file of [...outputs, path.join(pricesDir, 'x')]) {
    for (const input of [stooqDir, instrumentsDir])
      if (file.startsWith(`${input}${path.sep}`))
        throw new UsageError(`${file} would lie among what is read, in ${input}: choose another place.`);
    const refusal = ownPlace(file, layout);
    if (refusal !== undefined) throw new UsageError(refusal);
  }
}

export function policyOf(flags: Flags): CurrencyPolicy {
  return oneOf('--currency-policy', flags['currencyPolicy'] ?? 'broker', CURRENCY_POLICIES);
}

export function priceFormatOf(flags: Flags): PriceFormat {
  return oneOf('--format', flags['format'] ?? 'stooq', PRICE_FORMATS);
}

function oneOf<T extends string>(option: string, given: unknown, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found === undefined)
    throw new UsageError(`${option} ${String(given)} is not known: give ${known.join(', ')}.`);
  return found;
}
