/**
 * Where everything stands in a bucket that holds an archive. The one place that joins these keys.
 *
 *     cluster.json                                    what the bucket is
 *     archive/<dataset>/<day>/<attempt>.csv.gz, .toc  a day's file as one attempt wrote it, and its table of contents
 *     days/<dataset>/<day>/<generation>.json          which attempt counts: the highest generation's
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';

/** `prefix`: '' or ending in a slash, as in all of these. */
export function clusterKey(prefix: string): string {
  return `${prefix}cluster.json`;
}

/** Of every day's manifests of the dataset. */
export function manifestsPrefix(prefix: string, dataset: string): string {
  return `${prefix}days/${dataset}/`;
}

/** `generation`: from 1. */
export function manifestKey(prefix: string, dataset: string, day: IsoDay, generation: number): string {
  return `${manifestsPrefix(prefix, dataset)}${day}/${String(generation).padStart(6, '0')}.json`;
}

/** Undefined where it is no manifest's key of that dataset. */
export function readManifestKey(
  prefix: string,
  dataset: string,
  key: string,
): { readonly day: IsoDay; readonly generation: number } | undefined {
  const start = manifestsPrefix(prefix, dataset);
  const [, day = '', generation = ''] = /^([^/]+)\/(\d{6})\.json$/.exec(key.slice(start.length)) ?? [];
  return key.startsWith(start) && isIsoDay(day) && Number(generation) > 0
    ? { day, generation: Number(generation) }
    : undefined;
}

/** `attempt`: a name that no other attempt has. */
export function attemptKeys(
  prefix: string,
  dataset: string,
  day: IsoDay,
  attempt: string,
): { readonly file: string; readonly toc: string } {
  const start = `${prefix}archive/${dataset}/${day}/${attempt}`;
  return { file: `${start}.csv.gz`, toc: `${start}.toc` };
}
