/**
 * The manifests of a dataset's days in a bucket: of each day that of the highest generation. What days there
 * are is asked once; a manifest never changes, and is kept by its ETag.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { sha256 } from '#platform/disk/sha256.js';
import { SourceError } from '#platform/http/source-error.js';
import type { ListedObject } from '#platform/s3/port.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { manifestsPrefix, readManifestKey } from './keys.js';
import { type DayManifest, parseManifest } from './manifest.js';
import type { BucketObjects } from './objects.js';

export interface Manifests {
  /** Ascending. Throws SourceError. */
  days(): readonly IsoDay[];
  /** Throws as above. */
  has(day: IsoDay): boolean;
  /** Asks for those that are not known, many at once. */
  ahead(days: readonly IsoDay[]): void;
  /** Throws ArchiveDamage where it is not there or is none, BucketError, or SourceError. */
  of(day: IsoDay): DayManifest;
}

/** Far more than any has. */
const MOST_BYTES = 1 << 20;

export function openManifests(objects: BucketObjects, dataset: string): Manifests {
  const { prefix } = objects.place;
  const known = new Map<IsoDay, DayManifest | Error>();
  let listed: ReadonlyMap<IsoDay, ListedObject> | undefined;
  const newest = (): ReadonlyMap<IsoDay, ListedObject> => {
    listed ??= newestOf(objects.list(manifestsPrefix(prefix, dataset)), prefix, dataset);
    return listed;
  };
  const load = (days: readonly IsoDay[]): void => {
    const wanted = days.flatMap((day) => {
      const object = known.has(day) ? undefined : newest().get(day);
      return object === undefined ? [] : [{ day, object }];
    });
    const texts = objects.cached(
      wanted.map(({ object: { key, etag, size } }) => ({
        key,
        // Of what has no ETag nothing is kept: it could not be told from another.
        name: etag === undefined ? undefined : sha256(`${objects.name} ${key} ${etag} ${size}`),
        maxBytes: MOST_BYTES,
      })),
    );
    for (const [i, { day, object }] of wanted.entries())
      known.set(day, read(texts[i] as Uint8Array | Error, day, objects.nameOf(object.key)));
  };
  const read = (text: Uint8Array | Error, day: IsoDay, name: string): DayManifest | Error => {
    if (text instanceof Error)
      return text instanceof SourceError && text.kind === 'not-found' ? damage(`${name} is gone`) : text;
    const found = parseManifest(Buffer.from(text).toString('utf8'), name);
    if (found === undefined) return damage(`${name} is no manifest`);
    return found.day === day && found.dataset === dataset
      ? found
      : damage(`${name} is the manifest of ${found.dataset} ${found.day}`);
  };
  return {
    days: () => [...newest().keys()],
    has: (day) => newest().has(day),
    ahead: load,
    of: (day) => {
      load([day]);
      const found = known.get(day) ?? damage('there is no manifest of this day');
      if (!(found instanceof Error)) return found;
      if (!(found instanceof ArchiveDamage)) known.delete(day);
      throw found;
    },
  };
}

function newestOf(
  objects: readonly ListedObject[],
  prefix: string,
  dataset: string,
): ReadonlyMap<IsoDay, ListedObject> {
  const newest = new Map<IsoDay, { readonly generation: number; readonly object: ListedObject }>();
  for (const object of objects) {
    const read = readManifestKey(prefix, dataset, object.key);
    if (read === undefined || (newest.get(read.day)?.generation ?? 0) >= read.generation) continue;
    newest.set(read.day, { generation: read.generation, object });
  }
  return new Map([...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, { object }]) => [day, object]));
}

function damage(what: string): ArchiveDamage {
  return new ArchiveDamage(what);
}
