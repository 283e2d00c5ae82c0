/**
 * The text of a day file of the archive in pieces that are day files of their own (cut-text.ts), as it comes
 * out of its members.
 */
import { newTextCutter, type TextPiece } from '#market/records/cut-text.js';
import { DayLimitError } from '#market/records/day-index.js';
import { ArchiveDamage } from './bgzf.js';

/** Throws ArchiveDamage where a record is too long to be one, and what `texts` throws. */
export function* textPieces(texts: Iterable<Uint8Array>, pieceBytes?: number): Generator<TextPiece> {
  const cutter = newTextCutter(pieceBytes);
  try {
    for (const text of texts) yield* cutter.push(text);
    const last = cutter.finish();
    if (last !== undefined) yield last;
  } catch (error) {
    throw error instanceof DayLimitError ? new ArchiveDamage(error.message) : error;
  }
}
