/**
 * A series of many lines a day as rows that do not hold them: `values` is the mark of a day's block, its
 * SHA-256, and where the block stands is kept beside. So a ticker's years of minutes, or its trades of a day,
 * are merged and written without ever being in memory.
 */
import type { FileHandle } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SeriesForm } from '#market/datasets/series-form.js';
import { endOfRecord } from '#market/records/record-ends.js';
import { openToRead, partsOf, readBytes, withFile } from '#platform/disk/read.js';
import { newSha256, type Sha256, sha256 } from '#platform/disk/sha256.js';
import { type LineDays, newLineDays } from './line-days.js';
import { headerOf, lineShapeOf } from './line-shape.js';
import type { Row, UnreadableSeries } from './row.js';
import { parseSeries } from './series-file.js';
import { newLineCutter } from './whole-lines.js';

/** Where a block stands, without its last line end: in a file, or in memory. */
export type Place = Uint8Array | { readonly file: string; readonly start: number; readonly length: number };

export interface BlockRows {
  readonly ok: true;
  /** Ascending, each day once; `values` is the block's mark. */
  readonly rows: readonly Row[];
  readonly places: ReadonlyMap<IsoDay, Place>;
  readonly canonical: boolean;
  /** As in ParsedSeries. */
  readonly lost: readonly string[];
}

const MARK = 'sha256:';
const NEWLINE = 10;
const PART_BYTES = 1 << 18;

/** What a row says in the place of a block. */
export function markOf(block: Uint8Array | string): string {
  return MARK + sha256(block);
}

export function isMark(values: string): boolean {
  return values.startsWith(MARK);
}

/** The mark of a block of which this is the hash. */
export function markOfHash(hash: Sha256): string {
  return MARK + hash.digest();
}

/**
 * A file that is not there has no rows. One in another form than ours is read whole. Throws the disk's error.
 */
export async function readBlockFile(file: string, form: SeriesForm): Promise<BlockRows | UnreadableSeries> {
  let own: BlockRows | undefined;
  try {
    own = await withFile(file, (handle) => readOwn(handle, file, form));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { ok: true, rows: [], places: new Map(), canonical: true, lost: [] };
  }
  if (own !== undefined) return own;
  const parsed = parseSeries(await readBytes(file), form);
  if (!parsed.ok) return parsed;
  const places = new Map(parsed.rows.map(({ day, values }) => [day, Buffer.from(values) as Uint8Array]));
  const rows = parsed.rows.map(({ day, values }) => ({ day, values: markOf(values) }));
  return { ok: true, rows, places, canonical: parsed.canonical, lost: parsed.lost };
}

/**
 * Undefined for a file that does not begin with our header, or whose lines do not begin with days that
 * ascend.
 */
async function readOwn(handle: FileHandle, file: string, form: SeriesForm): Promise<BlockRows | undefined> {
  const shape = lineShapeOf(form);
  const header = Buffer.from(headerOf(shape));
  const head = Buffer.alloc(header.length);
  await handle.read(head, 0, head.length, 0);
  if (head.compare(header) !== 0) return undefined;
  const blocks = newBlockCollector(file, header.length, newLineDays(shape));
  const cutter = newLineCutter();
  for await (const part of partsOf(handle, { start: header.length, partBytes: PART_BYTES }))
    if (!blocks.push(cutter.push(part))) return undefined;
  if (!blocks.push(cutter.rest())) return undefined;
  return { ok: true, ...blocks.finish(), canonical: true, lost: [] };
}

/** Marks and places of a file's blocks, out of its whole lines from `start` on. */
function newBlockCollector(file: string, start: number, dayAt: LineDays) {
  const rows: Row[] = [];
  const places = new Map<IsoDay, Place>();
  let block: { day: IsoDay; start: number; end: number; hash: Sha256 } | undefined;
  let base = start;
  const endBlock = (): void => {
    if (block === undefined) return;
    const { day, start, end, hash } = block;
    rows.push({ day, values: markOfHash(hash) });
    places.set(day, { file, start, length: end - start });
  };
  return {
    /** False where the days do not ascend, or a line has no end. */
    push: (text: Buffer): boolean => {
      for (let at = 0; at < text.length; ) {
        const day = dayAt(text, at);
        const end = endOfDay(text, at, day, dayAt);
        if (end < 0) return false;
        if (block?.day !== day) {
          if (day === '' || day <= (block?.day ?? '')) return false;
          endBlock();
          block = { day, start: base + at, end: base + at, hash: newSha256() };
        } else block.hash.update('\n');
        // Without the last line end, which is the block's only if another line follows.
        block.hash.update(text.subarray(at, end - 1));
        block.end = base + end - 1;
        at = end;
      }
      base += text.length;
      return true;
    },
    finish: (): Pick<BlockRows, 'rows' | 'places'> => {
      endBlock();
      return { rows, places };
    },
  };
}

/** Behind the lines from `at` on that are of that day; -1 where one has no end. */
function endOfDay(text: Buffer, at: number, day: string, dayAt: LineDays): number {
  let end = at;
  while (end < text.length && dayAt(text, end) === day) {
    const next = endOfRecord(text, end, text.length);
    if (next < 0) return -1;
    end = next;
  }
  return end === at || text[end - 1] !== NEWLINE ? -1 : end;
}

/** The whole file, as it comes. `placeOf`: where each row's block stands. */
export async function* blockFileText(
  rows: readonly Row[],
  placeOf: (row: Row) => Place,
  form: SeriesForm,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(headerOf(lineShapeOf(form)));
  for (const row of rows) {
    const place = placeOf(row);
    if (place instanceof Uint8Array) yield place;
    else yield* blockText(place);
    yield LINE_END;
  }
}

const LINE_END = Uint8Array.of(NEWLINE);

async function* blockText({ file, start, length }: Exclude<Place, Uint8Array>): AsyncGenerator<Uint8Array> {
  const handle = await openToRead(file);
  try {
    let done = 0;
    for await (const part of partsOf(handle, { start, length, partBytes: PART_BYTES })) {
      done += part.length;
      yield part;
    }
    if (done < length) throw new Error(`${file} ends at byte ${start + done}, before its block does`);
  } finally {
    await handle.close();
  }
}
