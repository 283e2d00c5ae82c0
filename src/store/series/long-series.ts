/**
 * A long series of many lines a day, read a part at a time by who goes through its rows once: a ticker's
 * trades are more than memory should hold. Only of a file in our own form; another one is read whole
 * (series-file.ts).
 */
import { closeSync } from 'node:fs';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SeriesForm } from '#market/datasets/series-form.js';
import { about } from '#platform/disk/errors.js';
import { openToReadSync, readFully } from '#platform/disk/read.js';
import { headerOf, type LineShape, lineShapeOf } from './line-shape.js';
import { readOwnLines } from './read-own.js';
import type { Row } from './row.js';
import { newLineCutter } from './whole-lines.js';

const PART_BYTES = 1 << 20;

class NotCanonical extends Error {
  constructor(file: string) {
    super(`${file} is not, or is no longer, in our own form`);
  }
}

/**
 * Its rows, read anew each time they are gone through; a day's lines may come in several rows behind one
 * another. Undefined where the file is not in our own form. Throws the disk's error, then and while they are
 * gone through.
 */
export function longSeries(
  file: string,
  form: SeriesForm,
  partBytes = PART_BYTES,
): Iterable<Row> | undefined {
  const shape = lineShapeOf(form);
  try {
    for (const _ of partsOf(file, shape, partBytes)) {
      // Looked through before anything is reported of it.
    }
  } catch (error) {
    if (error instanceof NotCanonical) return undefined;
    throw error;
  }
  return {
    *[Symbol.iterator]() {
      for (const rows of partsOf(file, shape, partBytes)) yield* rows;
    },
  };
}

/** All of one and the same file, also where it is replaced meanwhile. Throws NotCanonical. */
function* partsOf(file: string, shape: LineShape, partBytes: number): Generator<readonly Row[]> {
  const header = Buffer.from(headerOf(shape));
  const descriptor = openToReadSync(file);
  try {
    if (header.compare(readPart(descriptor, 0, header.length, file)) !== 0) throw new NotCanonical(file);
    const cutter = newLineCutter();
    let last: IsoDay = '';
    for (let offset = header.length; ; ) {
      const part = readPart(descriptor, offset, partBytes, file);
      const isEnd = part.length === 0;
      const lines = isEnd ? cutter.rest() : cutter.push(part);
      if (lines.length > 0) {
        const rows = readOwnLines(lines, 0, shape);
        if (rows === undefined || (rows[0]?.day ?? '') < last) throw new NotCanonical(file);
        last = rows.at(-1)?.day ?? last;
        yield rows;
      }
      if (isEnd) return;
      offset += part.length;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Shorter at the end of the file. Throws the disk's error. */
function readPart(descriptor: number, offset: number, length: number, file: string): Buffer {
  const part = Buffer.allocUnsafe(length);
  try {
    return part.subarray(0, readFully(descriptor, part, offset));
  } catch (error) {
    throw about(error, file);
  }
}
