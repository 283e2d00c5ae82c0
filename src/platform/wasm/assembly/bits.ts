/**
 * Deflate's bits on their way out: from the lowest bit of each byte on (RFC 1951, section 3.1.1), eight bytes
 * at a time.
 */
import { OUTPUT } from './places';

/** What is not written yet, at `position`; fewer than 8 bits. */
export let pending: u64 = 0;
export let pendingBits: u64 = 0;
export let position: usize = OUTPUT;

export function startBits(): void {
  pending = 0;
  pendingBits = 0;
  position = OUTPUT;
}

/** At most 32 bits. */
export function putBits(bits: u32, count: u32): void {
  pending |= (<u64>bits) << pendingBits;
  pendingBits += count;
  store<u64>(position, pending);
  position += <usize>(pendingBits >> 3);
  pending >>= pendingBits & ~7;
  pendingBits &= 7;
}
