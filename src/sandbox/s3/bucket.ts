/**
 * The objects of the sandbox: the generators' published days, and what tests put beside or in the place of
 * them. A day is generated and compressed when first listed or fetched; its size and ETag are kept, its bytes
 * while there is room, first come first kept, because a run lists all of its days and then gets all of them.
 * What is too large for memory is a file meanwhile.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzip, gzipSync } from 'node:zlib';
import pLimit from 'p-limit';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { dayIn } from '#market/calendar/zone.js';
import { dayText, type Generator } from '#sandbox/market/generator.js';
import type { DayRange, Replacement } from '#sandbox/options.js';
import type { LargeObjects } from './large-objects.js';

const compress = promisify(gzip);
/** Days in the making at a time: two cores, and one in hand. */
const WORKSHOPS = 3;
/** What is older than this is published, whatever the hour: most days are never asked when exactly. */
const SURELY_PUBLISHED_DAYS = 4;

export interface ObjectFacts {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
  /** MD5 in hex, without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface StoredObject {
  readonly facts: ObjectFacts;
  /** The bytes, or the path of a file that holds them. */
  readonly content: Uint8Array | string;
}

export interface Bucket {
  /** Every key that a listing shows, in the order of their UTF-8 bytes. */
  keys(): readonly string[];
  describe(key: string): Promise<ObjectFacts | undefined>;
  /** The bytes, and the facts that belong to them. */
  read(key: string): Promise<StoredObject | undefined>;
  has(key: string): boolean;
  /** Listed or not, GET answers 403. */
  denies(key: string): boolean;
  replace(key: string, replacement: Replacement, lastModified?: Date): void;
  remove(key: string): void;
}

export interface BucketOptions {
  readonly generators: readonly Generator[];
  readonly now: Date;
  readonly missing: readonly IsoDay[];
  readonly denied: readonly DayRange[];
  /** Key prefixes, of datasets that the plan does not hold. */
  readonly deniedDatasets: readonly string[];
  readonly pendingDenied: boolean;
  /** Bytes. */
  readonly cacheBytes: number;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly large: LargeObjects;
}

interface Entry {
  readonly key: string;
  /** Undefined for an object that came as bytes. */
  readonly made: { readonly generator: Generator; readonly day: IsoDay } | undefined;
  readonly denied: boolean;
  /** Undefined: the day's publication. */
  readonly lastModified: Date | undefined;
  revision: number;
  level: number;
  facts: ObjectFacts | undefined;
  content: StoredObject['content'] | undefined;
  making: Promise<StoredObject> | undefined;
}

export function createBucket(options: BucketOptions): Bucket {
  const entries = new Map<string, Entry>();
  const pending = new Set<string>();
  let sorted: readonly string[] | undefined;
  let room = options.cacheBytes;
  const inWorkshop = pLimit(WORKSHOPS);

  const today = dayIn('America/New_York', options.now);
  const surely = addDays(today, -SURELY_PUBLISHED_DAYS);
  for (const generator of options.generators) {
    const refused = options.deniedDatasets.includes(generator.prefix);
    for (const day of generator.listDays(today)) {
      const key = `${generator.prefix}/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
      if (options.missing.includes(day)) continue;
      if (day > surely && generator.publishedAt(day).getTime() > options.now.getTime()) {
        pending.add(key);
        continue;
      }
      const denied =
        refused ||
        options.denied.some(({ start, end }) => day <= end && (start === undefined || day >= start));
      entries.set(key, newEntry(key, { generator, day }, denied, undefined));
    }
  }
  for (const [key, bytes] of options.objects) putBytes(key, bytes, wholeSecond(options.now));

  function putBytes(key: string, bytes: Uint8Array, lastModified: Date): void {
    const refused = options.deniedDatasets.some((prefix) => key.startsWith(`${prefix}/`));
    const entry = newEntry(key, undefined, refused || (entries.get(key)?.denied ?? false), lastModified);
    entry.content = bytes;
    entry.facts = factsOf(entry, bytes.length, md5(bytes));
    put(entry);
  }

  function put(entry: Entry): void {
    if (!entries.has(entry.key)) sorted = undefined;
    entries.set(entry.key, entry);
  }

  async function make(entry: Entry, { generator, day }: NonNullable<Entry['made']>): Promise<StoredObject> {
    if (generator.isLarge(day)) {
      const { path, size, etag } = await options.large.compress(
        generator.pieces(day, entry.revision),
        entry.level,
      );
      entry.facts = factsOf(entry, size, etag);
      entry.content = path;
      return { facts: entry.facts, content: path };
    }
    const text = dayText(generator, day, entry.revision);
    // One chunk: fewer turns of the event loop, which is busy sending.
    const packed = await compress(text, { level: entry.level, chunkSize: 64 + (text.length >> 1) });
    const bytes = Buffer.allocUnsafeSlow(packed.length);
    bytes.set(packed);
    entry.facts ??= factsOf(entry, bytes.length, md5(bytes));
    if (bytes.length <= room) {
      room -= bytes.length;
      entry.content = bytes;
    }
    return { facts: entry.facts, content: bytes };
  }

  async function stored(entry: Entry): Promise<StoredObject | undefined> {
    const { facts, content, made } = entry;
    if (facts !== undefined && content !== undefined) return { facts, content };
    if (made === undefined) return undefined;
    entry.making ??= inWorkshop(() => make(entry, made)).finally(() => {
      entry.making = undefined;
    });
    return entry.making;
  }

  /** Gives back what a day's bytes took of the room. */
  function vacate({ made, content }: Entry): void {
    if (made !== undefined && content instanceof Uint8Array) room += content.length;
  }

  return {
    keys() {
      sorted ??= inByteOrder([...entries.keys()]);
      return sorted;
    },
    async describe(key) {
      const entry = entries.get(key);
      return entry && (entry.facts ?? (await stored(entry))?.facts);
    },
    async read(key) {
      const entry = entries.get(key);
      return entry && stored(entry);
    },
    has: (key) => entries.has(key),
    denies: (key) => entries.get(key)?.denied ?? (options.pendingDenied && pending.has(key)),
    replace(key, replacement, lastModified) {
      const old = entries.get(key);
      const later = lastModified ?? laterThan(old && lastModifiedOf(old), options.now);
      if (typeof replacement !== 'string') {
        if (old !== undefined) vacate(old);
        putBytes(key, replacement, later);
        return;
      }
      if (old !== undefined && old.made === undefined && replacement === 'recompressed') {
        const bytes = old.content instanceof Uint8Array ? old.content : new Uint8Array(0);
        putBytes(key, gzipSync(gunzipSync(bytes), { level: 5 }), later);
        return;
      }
      if (old?.made === undefined) throw new RangeError(`no generated object ${key} to replace`);
      vacate(old);
      const entry = newEntry(key, old.made, old.denied, later);
      entry.revision = old.revision + (replacement === 'corrected' ? 1 : 0);
      entry.level = replacement === 'corrected' ? old.level : (old.level % 9) + 1;
      put(entry);
    },
    remove(key) {
      const old = entries.get(key);
      if (old !== undefined) vacate(old);
      if (entries.delete(key)) sorted = undefined;
    },
  };
}

/** JavaScript's own order is that of UTF-8 bytes, but for the characters that it writes as two. */
function inByteOrder(keys: string[]): readonly string[] {
  if (keys.some((key) => /[\ud800-\uffff]/.test(key)))
    return keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return keys.sort();
}

function newEntry(
  key: string,
  made: Entry['made'],
  denied: boolean,
  lastModified: Entry['lastModified'],
): Entry {
  const empty = { facts: undefined, content: undefined, making: undefined };
  return { key, made, denied, lastModified, revision: 0, level: 1, ...empty };
}

function lastModifiedOf({ lastModified, made }: Entry): Date {
  return lastModified ?? made?.generator.publishedAt(made.day) ?? new Date(0);
}

function factsOf(entry: Entry, size: number, etag: string): ObjectFacts {
  return { key: entry.key, size, etag, lastModified: lastModifiedOf(entry) };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

function laterThan(before: Date | undefined, now: Date): Date {
  return new Date(Math.max(wholeSecond(now).getTime(), (before?.getTime() ?? 0) + 1000));
}
