/** Which rows of a universe are one listing under two names, after `former-names.ts`. */
import type { Universe } from './universe.js';

/** For each row of a former name, the row under which its walk goes on from the next weekday. */
export function laterNames({
  count,
  seed,
  from,
  to,
}: Pick<Universe, 'count' | 'seed' | 'from' | 'to'>): ReadonlyMap<number, number> {
  const beginnings = new Map<string, number>();
  for (let row = 0; row < count; row++) beginnings.set(`${seed[row]} ${from[row]}`, row);
  const later = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const next = beginnings.get(`${seed[row]} ${(to[row] ?? 0) + 1}`);
    if (next !== undefined) later.set(row, next);
  }
  return later;
}
