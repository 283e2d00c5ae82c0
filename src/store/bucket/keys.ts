/**
 * Where everything stands in a bucket that holds an archive. The one place that joins these keys.
 *
 *     cluster.json                                    what the bucket is
 *     archive/<dataset>/<day>/<attempt>.csv.gz, .toc  a day's file as one attempt wrote it, and its table of contents
 *     days/<dataset>/<day>/<generation>.json          which attempt counts: the highest generation's
 *     failures/<dataset>/<day>/<kind>-<mark>-<attempt>.json  what went wrong with the vendor's file of that mark
 *     plans/<id>.json                                 tasks, under the hash of them
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { sha256 } from '#platform/disk/sha256.js';

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

/** `id`: of the plan's content. */
export function planKey(prefix: string, id: string): string {
  return `${prefix}plans/${id}.json`;
}

/** What went wrong with days of the dataset, a file each time. */
export function failuresPrefix(prefix: string, dataset: string): string {
  return `${prefix}failures/${dataset}/`;
}

/** `etag`: of the vendor's file, whatever characters it has. */
export function failureKey(
  prefix: string,
  dataset: string,
  { day, kind, etag, attempt }: FailureName,
): string {
  return `${failuresPrefix(prefix, dataset)}${day}/${kind}-${etagMark(etag)}-${attempt}.json`;
}

interface FailureName {
  readonly day: IsoDay;
  readonly kind: FailureKind;
  readonly etag: string;
  readonly attempt: string;
}

export type FailureKind = 'damaged' | 'denied';

/** What a failure's key says of it. Undefined where it is none's. */
export function readFailureKey(
  prefix: string,
  dataset: string,
  key: string,
): { readonly day: IsoDay; readonly kind: FailureKind; readonly mark: string } | undefined {
  const start = failuresPrefix(prefix, dataset);
  const [, day = '', kind, mark = ''] =
    /^([^/]+)\/(damaged|denied)-([0-9a-f]{12})-[^/]+\.json$/.exec(key.slice(start.length)) ?? [];
  return key.startsWith(start) && isIsoDay(day) && kind !== undefined
    ? { day, kind: kind as FailureKind, mark }
    : undefined;
}

/** In keys, in the place of the ETag. */
export function etagMark(etag: string): string {
  return sha256(etag).slice(0, 12);
}

/** Of the manifests of all datasets. */
export function allManifestsPrefix(prefix: string): string {
  return `${prefix}days/`;
}

/** Of every attempt at any day. */
export function allAttemptsPrefix(prefix: string): string {
  return `${prefix}archive/`;
}

/** Of every failure. */
export function allFailuresPrefix(prefix: string): string {
  return `${prefix}failures/`;
}

export function plansPrefix(prefix: string): string {
  return `${prefix}plans/`;
}

/** The dataset of a key below one of the prefixes above, which has `levels` parts behind the dataset's. */
export function datasetOfKey(start: string, key: string, levels: number): string | undefined {
  if (!key.startsWith(start)) return undefined;
  const parts = key.slice(start.length).split('/');
  return parts.length > levels ? parts.slice(0, -levels).join('/') : undefined;
}
