/** What a sync would do, in a table for people. */
import type { Foreseen } from '#tasks/sync/foresee.js';
import { row } from './paragraph.js';
import { bytes, counted, duration } from './quantities.js';

export interface SyncPlan extends Foreseen {
  readonly free_bytes: number | null;
  readonly download_bytes_per_second: number;
  /** Where that is from: the last run that downloaded, or nowhere. */
  readonly rate: 'measured' | 'assumed';
}

export function syncPlanText(plan: SyncPlan): string {
  const lines = plan.steps.map(({ step, days, download_bytes, write_bytes, seconds }) => {
    const parts = [
      counted(days, 'day'),
      ...(download_bytes > 0 ? [`${bytes(download_bytes)} to download`] : []),
      ...(write_bytes > 0 ? [`${bytes(write_bytes)} to write`] : []),
      ...(days > 0 ? [`about ${duration(seconds)}`] : []),
    ];
    return row(step, parts.join(', '));
  });
  const free = plan.free_bytes === null ? '' : `; ${bytes(plan.free_bytes)} free`;
  const rate = `${bytes(plan.download_bytes_per_second)} a second, ${plan.rate === 'measured' ? 'as in the last run' : 'assumed'}`;
  return `${[
    'plan',
    ...lines,
    row('room', `about ${bytes(plan.write_bytes)}${free}`),
    row('time', `about ${duration(plan.seconds)}${plan.download_bytes > 0 ? ` (the line at ${rate})` : ''}`),
  ].join('\n')}\n`;
}
