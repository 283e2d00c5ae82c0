/** Where in the memory what stands: offsets, in bytes. What one function leaves here the next one reads. */

/**
 * Text to scan, or of a member. Some bytes before and behind it are read and never used: a load takes up to
 * 16 at once.
 */
export const TEXT_BYTES: i32 = 1 << 18;
const MARGIN: i32 = 64;
export const TEXT: usize = memory.data(TEXT_BYTES + 2 * MARGIN, 16) + MARGIN;

/** The most text of a member, and so the most tokens. */
const MOST_TEXT: i32 = 65_535;
const MOST_MATCHES: i32 = MOST_TEXT / 3 + 1;
/** Per match the number of literals before it, and `length << 16 | distance`; 32 bits each. */
export const LITERAL_RUNS: usize = memory.data(MOST_MATCHES * 4, 16);
export const MATCHES: usize = memory.data(MOST_MATCHES * 4, 16);
/** Symbols of literals, lengths and the end of a block, and of distances. */
export const LITERALS: i32 = 286;
export const DISTANCES: i32 = 30;
/**
 * By symbol: how often it occurs (32 bits each), the length of its code (a byte each), `code << 5 | length`
 * (32 bits each).
 */
export const LITERAL_COUNTS: usize = memory.data(286 * 4, 16);
export const LITERAL_LENGTHS: usize = memory.data(286, 16);
export const LITERAL_CODES: usize = memory.data(286 * 4, 16);
export const DISTANCE_COUNTS: usize = memory.data(30 * 4, 16);
export const DISTANCE_LENGTHS: usize = memory.data(30, 16);
export const DISTANCE_CODES: usize = memory.data(30 * 4, 16);
/** A deflate stream. It is written eight bytes at a time, beyond its end too. */
export const OUTPUT_BYTES: i32 = MOST_TEXT + MARGIN;
export const OUTPUT: usize = memory.data(OUTPUT_BYTES, 16);

/**
 * Of each record that a scan finds: where it begins, its ticker's span, (32 bits each), and a verdict (a
 * byte).
 */
export const RECORDS: i32 = 1 << 13;
export const RECORD_STARTS: usize = memory.data(RECORDS * 4, 16);
export const TICKER_STARTS: usize = memory.data(RECORDS * 4, 16);
export const TICKER_ENDS: usize = memory.data(RECORDS * 4, 16);
export const VERDICTS: usize = memory.data(RECORDS, 16);
