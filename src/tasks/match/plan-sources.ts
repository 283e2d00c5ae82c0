/**
 * Which price files have to be read: those that are not the ones of the last run, and those whose output does
 * not stand as it was written.
 */
import path from 'node:path';
import { stocksDaily } from '#market/datasets/all.js';
import type { ArchiveIndex } from '#market/instruments/archive-index.js';
import { sizeIn } from '#platform/disk/file-identity.js';
import { priceFileName } from '#store/matching/price-file-name.js';
import { lookAt, type OutputPlace, type RecordedFile, relativeName } from '#store/matching/recorded-file.js';
import type { MatchState, SourceState } from '#store/matching/state.js';
import { seriesFileName } from '#store/series/file-name.js';
import { indexEntry } from '#vendors/stooq/index-entries.js';
import { type ChosenSource, chooseSource } from './choose-source.js';
import type { PriceTask } from './price-work.js';
import type { MatchRequest } from './request.js';

export interface PlannedSource {
  readonly ticker: string;
  readonly chosen: ChosenSource;
  readonly before: SourceState | undefined;
  /** The output that stands as it was written. */
  readonly intact: RecordedFile | undefined;
  /** Undefined: nothing has to be done. */
  readonly task: PriceTask | undefined;
  /** Why: the file is not the one of the last run, or its output is gone or was changed. */
  readonly why: 'source' | 'output' | undefined;
}

export interface SourcePlanning {
  readonly request: Pick<MatchRequest, 'places' | 'format' | 'includeEmpty'>;
  readonly previous: MatchState | undefined;
  /** Whether the archive's names are those of the last run: then its paths are. */
  readonly isSameTree: boolean;
  readonly index: () => ArchiveIndex;
  readonly placeOf: (ticker: string) => OutputPlace;
}

/**
 *   source           output wanted   output         why
 *   as before        yes             intact
 *   as before        yes             not intact     output
 *   as before        no (no row)                                 (one that is there goes)
 *   new or touched                                  source       (read; if its bytes are the same and the output is intact, that is all)
 */
export function planSource(ticker: string, planning: SourcePlanning): PlannedSource {
  const { request, previous, isSameTree, index } = planning;
  const { stooqDir } = request.places;
  const before = previous === undefined ? undefined : own(previous.sources, ticker);
  const paths =
    isSameTree && before !== undefined
      ? Object.keys(before.rivals ?? { [before.path]: '' })
      : (index().ticker(ticker)?.entries ?? []).map((entry) => entry.path);
  const chosen = chooseSource(stooqDir, paths, before);
  const place = planning.placeOf(ticker);
  const judged = before?.judged.kind === 'counts' ? before.judged.counts : undefined;
  const isWanted = judged !== undefined && (judged.rows > 0 || request.includeEmpty);
  const looked = lookAt(
    previous === undefined ? undefined : own(previous.prices, ticker),
    madeFrom(before?.sha256 ?? '', request),
    place,
  );
  const isIntact = judged !== undefined && (!isWanted || looked.state === 'current');
  const isAsBefore =
    judged !== undefined && before?.identity === chosen.identity && before.path === chosen.path;
  const why = !isAsBefore ? 'source' : isIntact ? undefined : 'output';
  const task =
    why === undefined
      ? undefined
      : {
          ticker,
          path: chosen.path,
          isAmerican: indexEntry(chosen.path).region === 'us',
          file: place.file,
          settledFor: isIntact ? before?.sha256 : undefined,
        };
  return { ticker, chosen, before, intact: isWanted && isIntact ? looked.recorded : undefined, task, why };
}

/**
 * `data_cache` of the yfinance form lies in the prices' folder, which is then a data folder that `show` and
 * `export` read.
 */
export function pricesFolder({ places, format }: Pick<MatchRequest, 'places' | 'format'>): string {
  return format === 'yfinance' ? path.join(places.pricesDir, 'data_cache') : places.pricesDir;
}

/** Where each ticker's price file belongs. */
export function pricePlaces(
  request: Pick<MatchRequest, 'places' | 'format'>,
): (ticker: string) => OutputPlace {
  const folder = pricesFolder(request);
  const prefix = relativeName(folder, path.dirname(request.places.stateFile));
  return (ticker) => {
    const name =
      request.format === 'yfinance' ? seriesFileName(ticker, stocksDaily.series) : priceFileName(ticker);
    return { file: `${folder}${path.sep}${name}`, name: `${prefix}/${name}` };
  };
}

/** What a price file follows from. */
export function madeFrom(sourceHash: string, { format }: Pick<MatchRequest, 'format'>): string {
  return `${sourceHash} ${format}`;
}

export function bytesOf(planned: readonly PlannedSource[]): number {
  return planned.reduce(
    (sum, { task, chosen }) =>
      sum + (task === undefined || chosen.identity === '' ? 0 : sizeIn(chosen.identity)),
    0,
  );
}

export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
