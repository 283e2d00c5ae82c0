/** What features build did, for people. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { FeatureResult } from '#tasks/features/build.js';
import { row } from './paragraph.js';
import { count, counted } from './quantities.js';

export function featuresText(
  { dataset, files, unchanged, removed, rows, adjusted, history_from }: FeatureResult,
  dryRun: boolean,
): string {
  const made = dryRun
    ? `${counted(files, 'file')} to make`
    : files === 0
      ? 'nothing to do'
      : `${counted(files, 'file')} made, ${counted(rows, 'row')}`;
  const lines = [row('features', `${made}; ${count(unchanged)} unchanged`)];
  if (removed > 0)
    lines.push(row('removed', `${counted(removed, 'file')} of days that are not in the lake any more`));
  if (history_from !== null) lines.push(row('history', historyText(history_from)));
  if (adjusted === 'splits') lines.push(row('prices', 'adjusted for splits'));
  return `${dataset}\n${lines.join('\n')}\n`;
}

/** After `lake prune`. */
export function historyText(from: IsoDay): string {
  return `lake prune has cut it: what would look at days before ${from} is null (barloom lake build --start takes them in again)`;
}
