/**
 * The laws of the text cutter: its pieces are day files, together the text, and the same however the text
 * arrives.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newTextCutter, type TextPiece } from '#market/records/cut-text.js';
import { indexDay, tickerOf } from '#market/records/day-index.js';
import { dayTexts } from '../../ingest/pieces/split-texts.js';

function piecesOf(text: Uint8Array, pieceBytes: number, steps: readonly number[]): readonly TextPiece[] {
  const cutter = newTextCutter(pieceBytes);
  const pieces: TextPiece[] = [];
  for (let at = 0, s = 0; at < text.length; s++) {
    const step = steps[s % steps.length] ?? 1;
    pieces.push(...cutter.push(text.subarray(at, at + step)));
    at += step;
  }
  const last = cutter.finish();
  return last === undefined ? pieces : [...pieces, last];
}

test('pieces are day files with the same header; together they are the text, record by record', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(dayTexts, fc.constantFrom(16, 50, 300, 5000), steps, (text, pieceBytes, some) => {
      const pieces = piecesOf(text, pieceBytes, some);
      const { headerEnd, records, ...index } = indexDay(text);
      const bodies = pieces.map((piece) => piece.text.subarray(piece.headerBytes));
      expect(Buffer.concat([text.subarray(0, headerEnd), ...bodies]).equals(text)).toBe(true);
      const read = pieces.map((piece) => indexDay(piece.text));
      for (const [i, piece] of pieces.entries()) {
        expect(Buffer.from(piece.text.subarray(0, piece.headerBytes))).toEqual(text.subarray(0, headerEnd));
        expect(read[i]?.headerEnd).toBe(headerEnd);
      }
      expect(read.reduce((sum, one) => sum + one.records, 0)).toBe(records);
      const tickers = read.flatMap((one) => Array.from({ length: one.records }, (_, i) => tickerOf(one, i)));
      expect(tickers).toEqual(
        Array.from({ length: records }, (_, i) => tickerOf({ ...index, headerEnd, records }, i)),
      );
      expect(piecesOf(text, pieceBytes, [1 << 20])).toEqual(pieces);
    }),
    { numRuns: 600 },
  );
});

test('nothing is one piece of nothing, and a record of more than 64 MiB is refused', () => {
  expect(piecesOf(new Uint8Array(0), 16, [1])).toEqual([{ text: new Uint8Array(0), headerBytes: 0 }]);
  const cutter = newTextCutter(1 << 20);
  cutter.push(Buffer.from('ticker,open\n'));
  const endless = Buffer.alloc(1 << 24, 'x');
  expect(() => {
    for (let i = 0; i < 9; i++) cutter.push(endless);
  }).toThrow(/a record of more than 67108864 bytes/);
});
