/**
 * The day files of a bucket: what their manifests name, read in parts, with tables of contents out of the
 * cache. Whatever is read whole has the manifest's SHA-256, a table too, and each member its own checksum: an
 * object that is not as it was written is damage, told with its key.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { FileStamp } from '#platform/disk/stamp.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { checkSize } from '#store/archive/day-file.js';
import type { DayFiles, DayPart } from '#store/archive/day-files.js';
import { type DayToc, flawOf, parseMonthToc } from '#store/archive/toc.js';
import { copyOfDay } from './day-copy.js';
import type { DayManifest } from './manifest.js';
import { openManifests } from './manifests.js';
import { type Asked, type BucketObjects, openObjects } from './objects.js';
import type { BucketPlace } from './place.js';
import { damageOf, type ReadPart, readerOf } from './read-object.js';

export function bucketDays(place: BucketPlace, dataset: Dataset): DayFiles {
  const objects = openObjects(place);
  const manifests = openManifests(objects, dataset.name);
  const tables = new Map<IsoDay, DayToc | ArchiveDamage>();
  const parts = newParts(objects);

  const loadTables = (days: readonly IsoDay[]): void => {
    manifests.ahead(days);
    const wanted = days.flatMap((day) => {
      try {
        return tables.has(day) ? [] : [{ day, manifest: manifests.of(day) }];
      } catch (error) {
        // Told when the day is read.
        if (!(error instanceof ArchiveDamage)) throw error;
        return [];
      }
    });
    const found = objects.cached(
      wanted.map(({ manifest: { archive } }) => ({
        key: archive.tocKey,
        name: archive.tocSha256,
        maxBytes: archive.tocBytes,
        isSound: (bytes) => sha256(bytes) === archive.tocSha256,
      })),
    );
    for (const [i, { day, manifest }] of wanted.entries()) {
      const bytes = found[i] as Uint8Array | Error;
      tables.set(day, tableIn(bytes, day, manifest, objects.nameOf(manifest.archive.tocKey)));
    }
  };
  const open: DayFiles['open'] = (day, use) => {
    const { archive, writtenAt } = manifests.of(day);
    checkSize(archive.bytes, dataset);
    const read = readerOf({ objects, archive, ahead: (from, length) => parts.take(day, from, length) });
    return use({ size: archive.bytes, mtimeMs: Date.parse(writtenAt), read });
  };
  let isKnown = false;
  /** Undefined where it cannot be read. Throws what is no damage. */
  const soundManifest = (day: IsoDay): DayManifest | undefined => {
    // Who asks for one mostly asks for all.
    if (!isKnown) manifests.ahead(manifests.days());
    isKnown = true;
    try {
      return manifests.of(day);
    } catch (error) {
      if (error instanceof ArchiveDamage) return undefined;
      throw error;
    }
  };
  /** Of a day whose manifest cannot be read: nothing's, so that whoever opens it is told. */
  const stampOf = (day: IsoDay): FileStamp | undefined => {
    if (!manifests.has(day)) return undefined;
    const found = soundManifest(day);
    if (found === undefined) return { size: 0, mtimeMs: 0 };
    return { size: found.archive.bytes, mtimeMs: Date.parse(found.writtenAt) };
  };

  return {
    days: manifests.days,
    stampOf,
    isThere: manifests.has,
    // Its manifest was made when it was whole.
    looksWhole: (day) => manifests.has(day) && soundManifest(day) !== undefined,
    open,
    fileOf: (day) => open(day, (file) => copyOfDay(file, day, manifests.of(day).archive, place)),
    tocOf: (day) => {
      if (!tables.has(day)) loadTables([day]);
      const table = tables.get(day);
      if (table instanceof ArchiveDamage) throw table;
      return table;
    },
    textBytesOf: (day) => soundManifest(day)?.archive.textBytes,
    noteToc: () => undefined,
    forgetToc: undefined,
    saveTocs: async () => undefined,
    ahead: {
      tables: loadTables,
      parts: (wanted) => parts.ask(wanted, (day) => manifests.of(day).archive.key),
    },
  };
}

/** Throws what is no damage of the table. */
function tableIn(
  bytes: Uint8Array | Error,
  day: IsoDay,
  { archive }: DayManifest,
  name: string,
): DayToc | ArchiveDamage {
  if (bytes instanceof Error) return damageOf(bytes, name);
  if (bytes.length !== archive.tocBytes || sha256(bytes) !== archive.tocSha256)
    return new ArchiveDamage(`${name} has another SHA-256 than its manifest tells`);
  const toc = parseMonthToc(bytes)?.get(day);
  const flaw = toc === undefined ? 'it is no table of this day' : flawOf(toc);
  if (toc === undefined || flaw !== undefined || toc.size !== archive.bytes)
    return new ArchiveDamage(`${name}: ${flaw ?? 'it is the table of another file'}`);
  return toc;
}

/** Stretches that were asked for ahead, until they are read. */
function newParts(objects: BucketObjects) {
  const asked = new Map<string, { readonly at: number; readonly group: Group }>();
  const idOf = (day: IsoDay, from: number): string => `${day} ${from}`;
  return {
    ask: (wanted: readonly DayPart[], keyOf: (day: IsoDay) => string): void => {
      if (wanted.length === 0) return;
      const group: Group = {
        asked: objects.ask(
          wanted.map(({ day, from, length }) => ({
            key: keyOf(day),
            start: from,
            end: from + length,
            maxBytes: length,
          })),
        ),
        results: undefined,
      };
      for (const [at, { day, from }] of wanted.entries()) asked.set(idOf(day, from), { at, group });
    },
    /** Undefined where it was not asked for. */
    take: (day: IsoDay, from: number, length: number): ReadPart | undefined => {
      const found = asked.get(idOf(day, from));
      if (found === undefined) return undefined;
      asked.delete(idOf(day, from));
      found.group.results ??= [...objects.take(found.group.asked)];
      const bytes = found.group.results[found.at];
      found.group.results[found.at] = undefined;
      return bytes instanceof Error || bytes?.length === length ? bytes : undefined;
    },
  };
}

interface Group {
  readonly asked: Asked;
  results: (ReadPart | undefined)[] | undefined;
}
