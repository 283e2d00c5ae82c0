/** What lake verify found, for people. */
import type { LayersVerified } from '#tasks/lake/verify-layers.js';
import { row } from './paragraph.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

/** How many days, months or damaged files of a layer are named. */
const TOLD = 5;

export function lakeVerifyText({ bronze, silver, gold, damage, left }: LayersVerified): string {
  const { dataset, files, days, rows, compared, outdated, unreadable } = bronze;
  const lines = [
    row(
      'verified',
      `${counted(files, 'file')}, ${counted(days, 'day')}, ${counted(rows, 'row')}; ${count(compared)} compared with the archive`,
    ),
  ];
  if (silver !== undefined)
    lines.push(row('features', `${counted(silver.files, 'file')}; ${count(silver.compared)} computed again`));
  if (gold !== undefined)
    lines.push(
      row(
        'qlib',
        `${counted(gold.symbols, 'symbol')}, ${counted(gold.files, 'file')}; ${gold.compared === 0 ? 'lists and sizes' : `values of ${count(gold.compared)} made again`}`,
      ),
    );
  for (const { file, what } of damage.slice(0, MOST_DAMAGE))
    lines.push(row('damage', safeText(`lake/${file}: ${what}`)));
  if (damage.length > MOST_DAMAGE)
    lines.push(row('', `and ${counted(damage.length - MOST_DAMAGE, 'file')} more: --json names them all`));
  for (const { day, reason } of unreadable)
    lines.push(row('archive', safeText(`${day} cannot be read: ${reason}: barloom verify --repair`)));
  if (outdated.length > 0) lines.push(row('outdated', `${named(outdated)}: barloom lake build`));
  if (silver !== undefined && silver.outdated.length > 0)
    lines.push(row('outdated', `features of ${named(silver.outdated)}: barloom features build`));
  if (gold?.outdated === true) lines.push(row('outdated', 'the Qlib folder: barloom qlib export'));
  if (damage.length > 0 && left === undefined)
    lines.push('Run barloom lake verify --repair to build these again.');
  if (left !== undefined)
    lines.push(
      left.length === 0
        ? `Built again: ${counted(damage.length, 'file')}. No damage is left.`
        : `Not repaired: ${left.map(({ file, what }) => safeText(`lake/${file} (${what})`)).join(', ')}${left.some(({ file }) => file.startsWith('bronze')) ? ': the archive does not hold these days' : ''}.`,
    );
  else if (damage.length === 0) lines.push('No damage.');
  return `${dataset}\n${lines.join('\n')}\n`;
}

/** Of Qlib's many files all may be damaged at once. */
const MOST_DAMAGE = 20;

function named(days: readonly string[]): string {
  return `${days.slice(0, TOLD).join(', ')}${days.length > TOLD ? ' …' : ''}`;
}
