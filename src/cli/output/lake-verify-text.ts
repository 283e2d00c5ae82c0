/** What lake verify found, for people. */
import type { LakeVerified } from '#tasks/lake/verify.js';
import { row } from './paragraph.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

/** How many days are named. */
const TOLD = 5;

/** `after`: what was still amiss after a repair. */
export function lakeVerifyText(found: LakeVerified, after: LakeVerified | undefined): string {
  const { dataset, files, days, rows, compared, outdated, damage, unreadable } = found;
  const lines = [
    row(
      'verified',
      `${counted(files, 'file')}, ${counted(days, 'day')}, ${counted(rows, 'row')}; ${count(compared)} compared with the archive`,
    ),
  ];
  for (const { file, what } of damage) lines.push(row('damage', safeText(`lake/${file}: ${what}`)));
  for (const { day, reason } of unreadable)
    lines.push(row('archive', safeText(`${day} cannot be read: ${reason}: barloom verify --repair`)));
  if (outdated.length > 0)
    lines.push(
      row(
        'outdated',
        `${outdated.slice(0, TOLD).join(', ')}${outdated.length > TOLD ? ' …' : ''}: barloom lake build`,
      ),
    );
  if (damage.length > 0 && after === undefined)
    lines.push('Run barloom lake verify --repair to build these again.');
  if (after !== undefined)
    lines.push(
      after.damage.length === 0
        ? `Built again: ${counted(damage.length, 'file')}. No damage is left.`
        : `Not repaired: ${after.damage.map(({ file, what }) => safeText(`lake/${file} (${what})`)).join(', ')}: the archive does not hold these days.`,
    );
  else if (damage.length === 0) lines.push('No damage.');
  return `${dataset}\n${lines.join('\n')}\n`;
}
