/**
 * What is to be done with a day, from what is recorded of it. Pure.
 *
 *     recorded of these symbols               mode      decision
 *     all of them, same source, whole         replace   anew
 *                                             others    skip
 *     the same, same source, not whole        any       go on, as it began
 *     the same, another source                append    staged (nothing that is there changes)
 *                                             others    anew
 *     some of them, same source               replace   anew
 *                                             others    staged
 *     some of them, another source            append    staged
 *                                             others    anew
 *     nothing                                 any       direct
 */
import type { LoadRecord } from '#store/database/loads.js';
import { covers, overlap } from '#store/database/scope.js';
import type { LoadMode, LoadUnit } from './unit.js';

export type UnitDecision =
  | { readonly way: 'skip' }
  | {
      /**
       * `direct`: the table has none of these rows. `staged`: it may have some. `anew`: what it has of them
       * goes first, if this is the beginning.
       */
      readonly way: 'direct' | 'staged' | 'anew';
      /** So many rows are in. */
      readonly done: number;
      /** The record that this load goes on from. */
      readonly before: LoadRecord | undefined;
    };

export function decideUnit(
  { scope, fingerprint }: Pick<LoadUnit, 'scope' | 'fingerprint'>,
  records: readonly LoadRecord[],
  mode: LoadMode,
): UnitDecision {
  const ours = records.filter((record) => overlap(record.scope, scope));
  const same = ours.find((record) => record.scope === scope);
  const isIn = ours.some(
    (record) => record.whole && record.fingerprint === fingerprint && covers(record.scope, scope),
  );
  if (isIn && mode !== 'replace') return { way: 'skip' };
  const hasOthers = ours.some((record) => record !== same);
  if (same !== undefined && !same.whole && same.fingerprint === fingerprint)
    return { way: hasOthers ? 'staged' : 'direct', done: same.rows, before: same };
  if (ours.length === 0) return { way: 'direct', done: 0, before: undefined };
  const isStale = mode === 'replace' || ours.some((record) => record.fingerprint !== fingerprint);
  return { way: isStale && mode !== 'append' ? 'anew' : 'staged', done: 0, before: same };
}
