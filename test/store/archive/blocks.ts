/**
 * A second, plain reading of blocked gzip, by the SAM specification's section 4.1 and RFC 1952 alone; and
 * days to put into it.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { HEADER, rowOf, tickers } from '../../market/records/day-texts.js';

export interface Block {
  readonly offset: number;
  readonly size: number;
  readonly text: string;
}

export const EOF_MARKER = '1f8b08040000000000ff0600424302001b0003000000000000000000';

/** Every member of the file, in order, its frame checked byte for byte. Texts are Latin-1. */
export function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    // ID1 ID2 CM FLG(FEXTRA and nothing else); XLEN 6: only the subfield BC of 2 bytes.
    if (file.toString('hex', at, at + 4) !== '1f8b0804') throw new Error(`no member at ${at}`);
    if (file.toString('hex', at + 10, at + 16) !== '060042430200')
      throw new Error(`another extra field at ${at}`);
    const size = file.readUInt16LE(at + 16) + 1;
    const text = inflateRawSync(file.subarray(at + 18, at + size - 8));
    if (file.readUInt32LE(at + size - 8) !== crc32(text)) throw new Error(`wrong CRC-32 at ${at}`);
    if (file.readUInt32LE(at + size - 4) !== text.length) throw new Error(`wrong ISIZE at ${at}`);
    blocks.push({ offset: at, size, text: text.toString('latin1') });
    at += size;
  }
  return blocks;
}

export interface Day {
  readonly header: string;
  readonly records: readonly { readonly ticker: string; readonly bytes: string }[];
  /** The day as the vendor might send it. UTF-8. */
  readonly text: Buffer;
}

export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * Days in and out of order, with blank lines, long quoted records, either line end, and no line end at the
 * end.
 */
export function days(longest: number): fc.Arbitrary<Day> {
  const note = fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    fc
      .tuple(
        fc.integer({ min: 0, max: longest }),
        fc.constantFrom('x', 'ab\n', '\n', '""', '\r\n', 'A,100,1,2,9,1,1,5,\n'),
      )
      .map(([length, unit]) => `"${unit.repeat(Math.ceil(length / unit.length))}"`),
  );
  const record = fc.record({
    ticker: tickers,
    close: fc.integer({ min: 0, max: 9 }),
    note,
    end: fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n\r\n'),
  });
  return fc
    .record({
      records: fc.array(record, { maxLength: 30 }),
      sorted: fc.boolean(),
      before: fc.constantFrom('', '\ufeff', '\n\r\n'),
      headerEnd: fc.constantFrom('\n', '\r\n', '\n\n'),
      cut: fc.boolean(),
    })
    .map(({ records, sorted, before, headerEnd, cut }) => {
      const ordered = sorted ? [...records].sort((a, b) => byBytes(a.ticker, b.ticker)) : records;
      const made = ordered.map(({ ticker, close, note: text, end }, i) => {
        const last = i === ordered.length - 1;
        return { ticker, bytes: `${rowOf(ticker, close)},${text}${cut && last ? '' : end}` };
      });
      const header = `${before}${HEADER},note${headerEnd}`;
      return { header, records: made, text: Buffer.from(header + made.map(({ bytes }) => bytes).join('')) };
    });
}

/**
 * What the archive must hold: the text itself where it is sorted, else its records stably sorted, whole lines
 * all of them.
 */
export function expectedText({ header, records, text }: Day): Buffer {
  const order = records
    .map((record, i) => ({ ...record, i }))
    .sort((a, b) => byBytes(a.ticker, b.ticker) || a.i - b.i);
  if (order.every(({ i }, k) => i === k)) return text;
  return Buffer.from(
    header + order.map(({ bytes }) => (bytes.endsWith('\n') ? bytes : `${bytes}\n`)).join(''),
  );
}
