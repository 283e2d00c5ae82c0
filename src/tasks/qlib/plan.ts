/** Whether an export begins anew or goes on behind the last day. Pure. */
import type { QlibRecord } from '#store/qlib/record.js';

export type ExportPlan =
  | { readonly kind: 'nothing' }
  /** Days from this calendar index on are new. */
  | { readonly kind: 'append'; readonly from: number }
  | { readonly kind: 'whole' };

/**
 * | before                       | the same wish | days                       | plan    |
 * |------------------------------|---------------|----------------------------|---------|
 * | nothing, or not finished     |               |                            | whole   |
 * | something                    | no            |                            | whole   |
 * | something                    | yes           | the same                   | nothing |
 * | appending, and was stopped   | yes           | the same, or more behind   | append  |
 * | something                    | yes           | the same, and more behind  | append  |
 * | something                    | yes           | the same, other events     | append  |
 * | something                    | yes           | others                     | whole   |
 */
export function planExport(
  before: QlibRecord | undefined,
  now: Pick<QlibRecord, 'dataset' | 'adjust' | 'list' | 'days'>,
  /** Whether something else happened to a ticker than its values are adjusted for. */
  hasOtherEvents = false,
): ExportPlan {
  if (
    before === undefined ||
    before.state === 'unfinished' ||
    before.dataset !== now.dataset ||
    before.adjust !== now.adjust ||
    before.list !== now.list
  )
    return { kind: 'whole' };
  const isSame = before.days.every(([day, mark], i) => now.days[i]?.[0] === day && now.days[i]?.[1] === mark);
  if (!isSame) return { kind: 'whole' };
  const isDone = before.state === 'whole' && now.days.length === before.days.length && !hasOtherEvents;
  return isDone ? { kind: 'nothing' } : { kind: 'append', from: before.days.length };
}
