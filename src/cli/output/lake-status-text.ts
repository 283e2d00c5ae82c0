/** What lake status tells, for people. */
import type { SilverStatus } from '#tasks/lake/silver-status.js';
import type { LakeStatus } from '#tasks/lake/status.js';
import { row } from './paragraph.js';
import { bytes, count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

export function lakeStatusText(all: readonly LakeStatus[], silver: readonly SilverStatus[]): string {
  return all.map(one).join('') + silverText(silver);
}

/** Features by the name of their dataset, and ratios. */
function silverText(all: readonly SilverStatus[]): string {
  return all
    .map(({ table, first, last, files, bytes: size }) => {
      const span = first === last ? first : `${first} to ${last}`;
      return `${safeText(table)}, silver\n${row('size', `${bytes(size)} in ${counted(files, 'file')}, ${span}`)}\n`;
    })
    .join('');
}

function one({
  dataset,
  start,
  end,
  days,
  rows,
  files,
  bytes: sizes,
  lossy,
  left_out,
  damaged,
  keep_from,
}: LakeStatus): string {
  const lines = [
    row(
      'built',
      days.built === 0
        ? 'nothing yet: barloom lake build'
        : `${counted(days.built, 'day')}, ${start} to ${end}, ${counted(rows, 'row')}`,
    ),
  ];
  if (days.to_build + days.changed > 0)
    lines.push(
      row(
        'to build',
        `${counted(days.to_build, 'day')} not built, ${count(days.changed)} changed: barloom lake build`,
      ),
    );
  if (days.only_here > 0)
    lines.push(row('only here', `${counted(days.only_here, 'day')} that the archive has no more`));
  if (files > 0) lines.push(row('size', `${bytes(sizes.lake)} in ${counted(files, 'file')}${ratios(sizes)}`));
  if (lossy > 0) lines.push(row('not exact', `${counted(lossy, 'number')} that a double cannot hold`));
  if (left_out > 0) lines.push(row('left out', `${counted(left_out, 'line')} that are no records`));
  if (keep_from !== null) lines.push(row('pruned', `what is older than ${keep_from}`));
  for (const partition of damaged) lines.push(row('damaged', `${partition}: barloom lake verify --repair`));
  return `${dataset}\n${lines.join('\n')}\n`;
}

function ratios({ lake, archive, text }: LakeStatus['bytes']): string {
  const parts = [
    ...(archive > 0 ? [`${(lake / archive).toFixed(2)} of the archive's ${bytes(archive)}`] : []),
    ...(text !== null && text > 0 ? [`${(lake / text).toFixed(2)} of ${bytes(text)} of text`] : []),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
