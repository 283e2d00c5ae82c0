/**
 * A day of the archive as plain text that the database reads in parallel, in the work folder: without the
 * header, its numbers proved on the way (number-proof.ts), with the SHA-256 of the archive's text. A large
 * day passes in pieces.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type NumberProof, newNumberProver } from '#market/records/number-proof.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { newSha256 } from '#platform/disk/sha256.js';
import { ArchiveDamage, inflateArchive } from '#store/archive/bgzf.js';
import { type OpenDayFile, readAt } from '#store/archive/day-file.js';
import type { DayFiles } from '#store/archive/day-files.js';
import { textsOfDay } from '#store/archive/day-texts.js';
import { textPieces } from '#store/archive/text-pieces.js';
import { type DayColumns, dayColumns, numberColumns } from './columns.js';

export interface DayText {
  readonly day: IsoDay;
  /** The text's own file. */
  readonly file: string;
  readonly columns: DayColumns;
  readonly proof: NumberProof;
  readonly sha256: string;
  /** The archive's file as it was when it was read. */
  readonly stamp: FileStamp;
}

/** Throws ArchiveDamage or the disk's error. */
export function writeDayText(
  archive: Pick<DayFiles, 'open'>,
  day: IsoDay,
  dataset: Dataset,
  target: string,
): DayText {
  return archive.open(day, (open) => {
    const hash = newSha256();
    const output = openSync(target, 'w', FILE_MODE);
    try {
      let columns: DayColumns | undefined;
      let prover: ReturnType<typeof newNumberProver> | undefined;
      for (const { header, body } of piecesOf(open, dataset, hash.update)) {
        columns ??= readHeader(header);
        prover ??= newNumberProver(numberColumns(columns, dataset));
        for (const part of prover.prove(body)) writeAll(output, part);
      }
      if (columns === undefined || prover === undefined) throw new ArchiveDamage('it is empty');
      const { size, mtimeMs } = open;
      return {
        day,
        file: target,
        columns,
        proof: prover.result(),
        sha256: hash.digest(),
        stamp: { size, mtimeMs },
      };
    } catch (error) {
      throw about(error, target);
    } finally {
      closeSync(output);
    }
  });
}

/** Of the text, without keeping any of it. Throws as above. */
export function textSha256(archive: Pick<DayFiles, 'open'>, day: IsoDay, dataset: Dataset): string {
  return archive.open(day, (open) => {
    const hash = newSha256();
    if (dataset.inPieces) for (const text of textsOfDay(open, dataset)) hash.update(text);
    else hash.update(inflateArchive(readAt(open, 0, open.size), dataset));
    return hash.digest();
  });
}

/** The header line alone. Throws as above. */
export function headerOf(archive: Pick<DayFiles, 'open'>, day: IsoDay, dataset: Dataset): DayColumns {
  return archive.open(day, (open) => {
    for (const text of textsOfDay(open, dataset)) {
      const end = headerEnd(text);
      if (end > 0) return readHeader(text.subarray(0, end));
    }
    throw new ArchiveDamage('it is empty');
  });
}

interface Piece {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

function* piecesOf(open: OpenDayFile, dataset: Dataset, hear: (text: Uint8Array) => void): Generator<Piece> {
  if (!dataset.inPieces) {
    const text = inflateArchive(readAt(open, 0, open.size), dataset);
    hear(text);
    const end = headerEnd(text);
    yield { header: text.subarray(0, end), body: text.subarray(end) };
    return;
  }
  for (const { text, headerBytes } of textPieces(heard(textsOfDay(open, dataset), hear)))
    yield { header: text.subarray(0, headerBytes), body: text.subarray(headerBytes) };
}

function* heard(texts: Iterable<Uint8Array>, hear: (text: Uint8Array) => void): Generator<Uint8Array> {
  for (const text of texts) {
    hear(text);
    yield text;
  }
}

/** Behind the first line that is not empty. */
function headerEnd(text: Uint8Array): number {
  let end = 0;
  do {
    const next = text.indexOf(10, end);
    if (next < 0) return text.length;
    end = next + 1;
  } while (Buffer.from(text.subarray(0, end)).toString('latin1').trim() === '');
  return end;
}

function readHeader(header: Uint8Array): DayColumns {
  const line = Buffer.from(header)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  const columns = dayColumns(line.split(',').map((name) => name.replaceAll('"', '')));
  if (!columns.names.includes('ticker'))
    throw new ArchiveDamage(`its header names no ticker; it begins ${JSON.stringify(line.slice(0, 80))}`);
  return columns;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
