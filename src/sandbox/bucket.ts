/**
 * The objects of the sandbox: the generators' published days, and what tests put beside or in the place of them. A day is generated and
 * compressed when first listed or fetched; its size and ETag are kept, its bytes while there is room, first come first kept, because a
 * run lists all of its days and then gets all of them.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { IsoDay } from '../calendar/iso-day.js';
import { dayIn } from '../calendar/zone.js';
import type { Generator } from './generator.js';
import type { DayRange, Replacement } from './options.js';

const compress = promisify(gzip);
/** Days in the making at a time: two cores, and one in hand. */
const WORKSHOPS = 3;

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
  readonly bytes: Uint8Array;
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
  readonly pendingDenied: boolean;
  /** Bytes. */
  readonly cacheBytes: number;
  readonly objects: ReadonlyMap<string, Uint8Array>;
}

interface Entry {
  readonly key: string;
  /** Undefined for an object that came as bytes. */
  readonly made: { readonly generator: Generator; readonly day: IsoDay } | undefined;
  readonly denied: boolean;
  lastModified: Date;
  revision: number;
  level: number;
  facts: ObjectFacts | undefined;
  bytes: Uint8Array | undefined;
  making: Promise<Uint8Array> | undefined;
}

export function createBucket(options: BucketOptions): Bucket {
  const entries = new Map<string, Entry>();
  const pending = new Set<string>();
  let sorted: readonly string[] | undefined;
  let room = options.cacheBytes;
  const takeWorkshop = createWorkshops(
    WORKSHOPS,
    Math.max(0, ...options.generators.map((one) => one.maxTextBytes)),
  );

  for (const generator of options.generators) {
    for (const day of generator.listDays(dayIn('America/New_York', options.now))) {
      const key = `${generator.prefix}/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
      if (options.missing.includes(day)) continue;
      const publishedAt = generator.publishedAt(day);
      if (publishedAt.getTime() > options.now.getTime()) {
        pending.add(key);
        continue;
      }
      const denied = options.denied.some(
        ({ start, end }) => day <= end && (start === undefined || day >= start),
      );
      entries.set(key, newEntry(key, { generator, day }, denied, publishedAt));
    }
  }
  for (const [key, bytes] of options.objects) putBytes(key, bytes, wholeSecond(options.now));

  function putBytes(key: string, bytes: Uint8Array, lastModified: Date): void {
    const entry = newEntry(key, undefined, entries.get(key)?.denied ?? false, lastModified);
    entry.bytes = bytes;
    entry.facts = factsOf(entry, bytes);
    put(entry);
  }

  function put(entry: Entry): void {
    if (!entries.has(entry.key)) sorted = undefined;
    entries.set(entry.key, entry);
  }

  async function make(entry: Entry): Promise<Uint8Array> {
    if (entry.made === undefined) return entry.bytes ?? new Uint8Array(0);
    const { generator, day } = entry.made;
    const workshop = await takeWorkshop();
    try {
      const length = generator.write(day, entry.revision, workshop.text);
      const text = workshop.text.subarray(0, length);
      // One chunk: fewer turns of the event loop, which is busy sending.
      const packed = await compress(text, { level: entry.level, chunkSize: 64 + (length >> 1) });
      const bytes = Buffer.allocUnsafeSlow(packed.length);
      bytes.set(packed);
      entry.facts ??= factsOf(entry, bytes);
      if (bytes.length <= room) {
        room -= bytes.length;
        entry.bytes = bytes;
      }
      return bytes;
    } finally {
      workshop.release();
    }
  }

  function bytesOf(entry: Entry): Promise<Uint8Array> {
    if (entry.bytes !== undefined) return Promise.resolve(entry.bytes);
    entry.making ??= make(entry).finally(() => {
      entry.making = undefined;
    });
    return entry.making;
  }

  return {
    keys() {
      sorted ??= [...entries.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      return sorted;
    },
    async describe(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.facts === undefined) await bytesOf(entry);
      return entry.facts;
    },
    async read(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      const bytes = await bytesOf(entry);
      entry.facts ??= factsOf(entry, bytes);
      return { facts: entry.facts, bytes };
    },
    has: (key) => entries.has(key),
    denies: (key) => entries.get(key)?.denied ?? (options.pendingDenied && pending.has(key)),
    replace(key, replacement, lastModified) {
      const old = entries.get(key);
      if (typeof replacement !== 'string') {
        putBytes(key, replacement, lastModified ?? laterThan(old?.lastModified, options.now));
        return;
      }
      if (old?.made === undefined && old?.bytes !== undefined && replacement === 'recompressed') {
        const anew = gzipSync(gunzipSync(old.bytes), { level: 5 });
        putBytes(key, anew, lastModified ?? laterThan(old.lastModified, options.now));
        return;
      }
      if (old?.made === undefined) throw new RangeError(`no generated object ${key} to replace`);
      if (old.bytes !== undefined) room += old.bytes.length;
      const entry = newEntry(
        key,
        old.made,
        old.denied,
        lastModified ?? laterThan(old.lastModified, options.now),
      );
      entry.revision = old.revision + (replacement === 'corrected' ? 1 : 0);
      entry.level = replacement === 'corrected' ? old.level : (old.level % 9) + 1;
      put(entry);
    },
    remove(key) {
      const old = entries.get(key);
      if (old?.made !== undefined && old.bytes !== undefined) room += old.bytes.length;
      if (entries.delete(key)) sorted = undefined;
    },
  };
}

function newEntry(key: string, made: Entry['made'], denied: boolean, lastModified: Date): Entry {
  const empty = { facts: undefined, bytes: undefined, making: undefined };
  return { key, made, denied, lastModified, revision: 0, level: 1, ...empty };
}

function factsOf(entry: Entry, bytes: Uint8Array): ObjectFacts {
  const etag = createHash('md5').update(bytes).digest('hex');
  return { key: entry.key, size: bytes.length, etag, lastModified: entry.lastModified };
}

function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

function laterThan(before: Date | undefined, now: Date): Date {
  return new Date(Math.max(wholeSecond(now).getTime(), (before?.getTime() ?? 0) + 1000));
}

interface Workshop {
  readonly text: Buffer;
  release(): void;
}

/** At most `count` buffers of `size` bytes at a time; who comes later waits in line. */
function createWorkshops(count: number, size: number): () => Promise<Workshop> {
  const free: Buffer[] = [];
  const waiting: ((text: Buffer) => void)[] = [];
  let made = 0;

  function workshop(text: Buffer): Workshop {
    return {
      text,
      release() {
        const next = waiting.shift();
        if (next === undefined) free.push(text);
        else next(text);
      },
    };
  }

  return async () => {
    const idle = free.pop();
    if (idle !== undefined) return workshop(idle);
    if (made < count) {
      made += 1;
      return workshop(Buffer.allocUnsafeSlow(size));
    }
    return workshop(await new Promise<Buffer>((resolve) => waiting.push(resolve)));
  };
}
