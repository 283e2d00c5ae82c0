/**
 * Cuts the text of a day, as it comes, into pieces that are day files of their own: the header, then whole
 * records. Where it is cut depends on the text alone, so that the same text gives the same pieces.
 */
import { DayLimitError } from './day-index.js';
import { endOfRecord, lastRecordStart } from './record-ends.js';
import { skipBlankLines } from './scan-plain.js';

/** A header and whole records; its buffer is its own and can be handed to a thread. */
export interface TextPiece {
  readonly text: Uint8Array<ArrayBuffer>;
  /** Bytes of it that are the header's: of the first piece the day's own, of the others a copy. */
  readonly headerBytes: number;
}

export interface TextCutter {
  /** Takes text; gives the pieces that it completes. Throws DayLimitError. */
  push(text: Uint8Array): readonly TextPiece[];
  /** The last piece; undefined where there is nothing left. */
  finish(): TextPiece | undefined;
}

/** Text of a piece: some thousand records, and little beside what a thread costs. */
export const PIECE_BYTES = 2 << 20;
/** No record of any dataset is nearly as long: what is, is no day file. */
const MOST_RECORD_BYTES = 64 << 20;

/**
 * `pieceBytes`: at least 16. `spare`: buffers of pieces that nobody needs any more, which may be used for the
 * next ones.
 */
export function newTextCutter(pieceBytes = PIECE_BYTES, spare: Uint8Array<ArrayBuffer>[] = []): TextCutter {
  let header: Uint8Array | undefined;
  let buffer = room(pieceBytes);
  /** Where the buffer's records begin: behind the header. */
  let start = 0;
  let length = 0;

  /** Ends the piece at `cut`, and begins the next with what is behind it. */
  const cutAt = (cut: number): TextPiece => {
    header ??= buffer.slice(0, headerEnd(buffer.subarray(0, cut)));
    // Handed over as it is, with the room behind it: what is copied is the rest, which is little.
    const piece = { text: buffer.subarray(0, cut), headerBytes: header.length };
    const rest = buffer.subarray(cut, length);
    const bytes = Math.max(pieceBytes, header.length + rest.length + 1);
    const used = spare.pop();
    const next = used?.length === bytes ? used : room(bytes);
    next.set(header);
    next.set(rest, header.length);
    start = header.length;
    length = header.length + rest.length;
    buffer = next;
    return piece;
  };
  return {
    push: (text) => {
      const pieces: TextPiece[] = [];
      for (let at = 0; at < text.length; ) {
        const part = text.subarray(at, at + buffer.length - length);
        buffer.set(part, length);
        length += part.length;
        at += part.length;
        if (length < buffer.length) break;
        const cut = lastRecordStart(buffer, header === undefined ? headerStart(buffer) : start, length);
        if (cut > start) {
          pieces.push(cutAt(cut));
          continue;
        }
        if (length > MOST_RECORD_BYTES)
          throw new DayLimitError(`it holds a record of more than ${MOST_RECORD_BYTES} bytes`);
        const larger = room(buffer.length * 2);
        larger.set(buffer);
        buffer = larger;
      }
      return pieces;
    },
    finish: () => {
      if (length === start && header !== undefined) return undefined;
      header ??= buffer.slice(0, headerEnd(buffer.subarray(0, length)));
      return { text: buffer.subarray(0, length), headerBytes: header.length };
    },
  };
}

/** Not cleared. And no Buffer, whose slices are no copies. */
function room(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
}

/** A byte order mark, blank lines, the record of the columns with its line end, blank lines. */
function headerEnd(text: Uint8Array): number {
  const end = endOfRecord(text, headerStart(text), text.length);
  return end < 0 ? text.length : skipBlankLines(text, end);
}

function headerStart(text: Uint8Array): number {
  return skipBlankLines(text, text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0);
}
