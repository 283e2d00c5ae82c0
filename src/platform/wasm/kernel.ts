/**
 * The loops of assembly/ and the places of their memory as arrays. Loaded once a thread, when they are needed
 * first. The memory never grows, so the arrays stay good. Scratch is shared by all callers, which is safe as
 * the calls are synchronous.
 */
import { readFileSync } from 'node:fs';
import { packageFile } from '#platform/package-file.js';

export interface Kernel {
  /** What the functions read. */
  readonly text: Uint8Array;
  /**
   * Writes the first `length` bytes of `text`, at most 65,535, to `output` as a raw deflate stream of one
   * block (assembly/deflate.ts). Returns its bytes, or -1 where there would be more than `most`. `inFields`:
   * whether repetitions are looked for only in neighbouring fields.
   */
  readonly deflate: (length: number, most: number, inFields: boolean) => number;
  readonly output: Uint8Array;
  /**
   * Finds the records in the first `length` bytes of `text` (assembly/scan.ts): returns how many, and leaves
   * them below. `base` is added to offsets; the rest are places of columns.
   */
  readonly scan: (
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
  readonly scannedBytes: () => number;
  readonly unsureRecords: () => number;
  /** 1 or 0. */
  readonly areSorted: () => number;
  /**
   * Numbers that have to be looked at (assembly/numbers.ts): returns how many, and leaves column, start and
   * end in the three below.
   */
  readonly proveNumbers: (
    length: number,
    columns: number,
    decimals: bigint,
    wholes: bigint,
    ticker: number,
    stamp: number,
  ) => number;
  readonly beginProof: () => void;
  readonly provedBytes: () => number;
  readonly provedLines: () => number;
  /** 1 or 0. */
  readonly areOrdered: () => number;
  readonly recordStarts: Int32Array;
  readonly tickerStarts: Int32Array;
  readonly tickerEnds: Int32Array;
  /** 0 is a bar, 255 is to be judged (market/records/bar.ts). */
  readonly verdicts: Uint8Array;
  /**
   * The prefix codes of the streams (assembly/huffman.ts), whose laws have a test: of symbols by how often
   * they occur, two of them at least.
   */
  readonly prefixCodes: (counts: Int32Array, limit: number) => PrefixCodes;
}

export interface PrefixCodes {
  readonly lengths: Uint8Array;
  /** `bits << 5 | length`. */
  readonly codes: Int32Array;
}

/** The part of the standard that is used: @types/node has no types of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

let loaded: Kernel | undefined;

export function kernel(): Kernel {
  loaded ??= load();
  return loaded;
}

function load(): Kernel {
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(readFileSync(packageFile('#package/dist/wasm/kernel.wasm'))),
  );
  const { memory, ...exported } = exports as { readonly memory: { readonly buffer: ArrayBuffer } } & Kernel &
    Record<string, unknown>;
  const place = (name: string): number => (exported[name] as { readonly value: number }).value;
  const words = (name: string, length: number): Int32Array =>
    new Int32Array(memory.buffer, place(name), length);
  const bytes = (name: string, length: number): Uint8Array =>
    new Uint8Array(memory.buffer, place(name), length);
  const records = place('RECORDS');
  const { deflate, scan, scannedBytes, unsureRecords, areSorted } = exported;
  const { proveNumbers, beginProof, provedBytes, provedLines, areOrdered } = exported;
  return {
    text: bytes('TEXT', place('TEXT_BYTES')),
    deflate,
    output: bytes('OUTPUT', place('OUTPUT_BYTES')),
    scan,
    scannedBytes,
    unsureRecords,
    areSorted,
    proveNumbers,
    beginProof,
    provedBytes,
    provedLines,
    areOrdered,
    recordStarts: words('RECORD_STARTS', records),
    tickerStarts: words('TICKER_STARTS', records),
    tickerEnds: words('TICKER_ENDS', records),
    verdicts: bytes('VERDICTS', records),
    prefixCodes: (counts, limit) => {
      const symbols = counts.length;
      const call = (name: string, ...parameters: number[]): void =>
        (exported[name] as (...parameters: number[]) => void)(...parameters);
      words('LITERAL_COUNTS', symbols).set(counts);
      call('codeLengths', place('LITERAL_COUNTS'), symbols, limit, place('LITERAL_LENGTHS'));
      call('canonicalCodes', place('LITERAL_LENGTHS'), symbols, place('LITERAL_CODES'));
      return {
        lengths: bytes('LITERAL_LENGTHS', symbols).slice(),
        codes: words('LITERAL_CODES', symbols).slice(),
      };
    },
  };
}
