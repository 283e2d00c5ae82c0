/**
 * What of a day a load takes, as it stands in the records: `''` is everything, else the symbols with commas
 * between, ascending. Of very many only their hash is kept, which may be any.
 */
import { sha256 } from '#platform/disk/sha256.js';

export type Scope = string;

const LONGEST = 400;
const HASHED = 'sha256:';

export function scopeOf(symbols: readonly string[] | undefined): Scope {
  if (symbols === undefined) return '';
  const text = [...new Set(symbols)].sort().join(',');
  return text.length <= LONGEST ? text : `${HASHED}${sha256(text)}`;
}

/** Whether nothing of `inner` is outside `outer`. */
export function covers(outer: Scope, inner: Scope): boolean {
  if (outer === '' || outer === inner) return true;
  if (inner === '' || isHashed(outer) || isHashed(inner)) return false;
  const held = new Set(outer.split(','));
  return inner.split(',').every((symbol) => held.has(symbol));
}

/** Whether a symbol may be in both. */
export function overlap(a: Scope, b: Scope): boolean {
  if (a === '' || b === '' || isHashed(a) || isHashed(b)) return true;
  const held = new Set(a.split(','));
  return b.split(',').some((symbol) => held.has(symbol));
}

function isHashed(scope: Scope): boolean {
  return scope.startsWith(HASHED);
}
