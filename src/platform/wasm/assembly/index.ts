/**
 * The innermost loops of barloom, compiled to WebAssembly by AssemblyScript: TypeScript's syntax over machine
 * integers and a plain memory, with no bounds checks. `../kernel.ts` is the only caller and keeps what it
 * asks for within the places below.
 */
export { deflate } from './deflate';
export { canonicalCodes, codeLengths } from './huffman';
export { areOrdered, beginProof, provedBytes, provedLines, proveNumbers } from './numbers';
export {
  LITERAL_CODES,
  LITERAL_COUNTS,
  LITERAL_LENGTHS,
  OUTPUT,
  OUTPUT_BYTES,
  RECORD_STARTS,
  RECORDS,
  TEXT,
  TEXT_BYTES,
  TICKER_ENDS,
  TICKER_STARTS,
  VERDICTS,
} from './places';
export { areSorted, scan, scannedBytes, unsureRecords } from './scan';
