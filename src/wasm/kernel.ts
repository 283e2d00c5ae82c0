/**
 * The loops of assembly/, loaded once a thread, and their memory as arrays. The memory never grows, so the arrays stay good. Scratch is shared by
 * all callers, which is safe as the calls are synchronous.
 */
import { readFileSync } from 'node:fs';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly [place: string]: unknown;
}

/** The part of the standard that is used: @types/node has no types of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

// From the sources, from dist and from the bundle alike: each stands two folders deep.
const file = new URL('../../dist/wasm/kernel.wasm', import.meta.url);
const { memory, ...exported } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)))
  .exports as Exports;

function place(name: string): number {
  return (exported[name] as { readonly value: number }).value;
}

function words(name: string, length: number): Int32Array {
  return new Int32Array(memory.buffer, place(name), length);
}

function bytes(name: string, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, place(name), length);
}

/** What the functions below read. */
export const text = bytes('TEXT', place('TEXT_BYTES'));

/**
 * Writes the first `length` bytes of `text`, at most 65,535, to `output` as a raw deflate stream of one block (assembly/deflate.ts). Returns its
 * bytes, or -1 where there would be more than `most`.
 */
export const deflate = exported['deflate'] as (length: number, most: number) => number;
export const output = bytes('OUTPUT', place('OUTPUT_BYTES'));

/**
 * Finds the records in the first `length` bytes of `text` (assembly/scan.ts): returns how many, and leaves them below. `base` is added to
 * offsets; the rest are places of columns.
 */
export const scan = exported['scan'] as (
  length: number,
  base: number,
  columns: number,
  ticker: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
) => number;
export const scannedBytes = exported['scannedBytes'] as () => number;
export const unsureRecords = exported['unsureRecords'] as () => number;
export const areSorted = exported['areSorted'] as () => number;
const RECORDS = place('RECORDS');
export const recordStarts = words('RECORD_STARTS', RECORDS);
export const tickerStarts = words('TICKER_STARTS', RECORDS);
export const tickerEnds = words('TICKER_ENDS', RECORDS);
/** 0 is a bar, 255 is to be judged (flatfile/bar.ts). */
export const verdicts = bytes('VERDICTS', RECORDS);

/** The prefix codes of the streams (assembly/huffman.ts), whose laws have a test: counts, lengths and codes of the first symbols. */
export function prefixCodes(counts: Int32Array, limit: number): { lengths: Uint8Array; codes: Int32Array } {
  const symbols = counts.length;
  const [countsAt, lengthsAt, codesAt] = ['LITERAL_COUNTS', 'LITERAL_LENGTHS', 'LITERAL_CODES'].map(place);
  words('LITERAL_COUNTS', symbols).set(counts);
  (exported['codeLengths'] as (...places: unknown[]) => void)(countsAt, symbols, limit, lengthsAt);
  (exported['canonicalCodes'] as (...places: unknown[]) => void)(lengthsAt, symbols, codesAt);
  return {
    lengths: bytes('LITERAL_LENGTHS', symbols).slice(),
    codes: words('LITERAL_CODES', symbols).slice(),
  };
}
