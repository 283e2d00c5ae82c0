/**
 * The sandbox's only source of chance: 32-bit integer hashes of what a value belongs to (seed, instrument,
 * day). The same question has the same answer on every machine and every Node version; nothing is drawn from
 * a stream that others share.
 */

/** Odd constant of the golden ratio; spreads consecutive integers over 32 bits. */
export const GOLDEN = 0x9e3779b9;

/**
 * MurmurHash3's 32-bit finalizer: every input bit moves about half of the output bits. Returns a signed
 * 32-bit integer.
 */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a over the text's UTF-16 units, mixed with `seed`. Returns a signed 32-bit integer. */
export function hashText(text: string, seed: number): number {
  let h = 0x811c9dc5 ^ mix32(seed);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}

/** A counter-mode stream of unsigned 32-bit integers, for building things once in a fixed order. */
export function hashStream(seed: number): () => number {
  let counter = mix32(seed);
  return () => {
    counter = (counter + GOLDEN) | 0;
    return mix32(counter) >>> 0;
  };
}
