/** What `rebuild` did, for people. At most 80 columns. */
import type { RebuildResult } from '#tasks/series/rebuild.js';
import { paragraph } from './paragraph.js';
import { count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

export function rebuildText(result: RebuildResult, seconds: number): string {
  const { days, tickers, counts, damaged } = result;
  const lines = [
    `${counted(tickers, 'ticker')} from ${counted(days.length, 'day')} of the archive, ${days[0] ?? ''} to ${days.at(-1) ?? ''}; ${duration(seconds)}`,
    `rows: ${count(counts.added)} added, ${count(counts.unchanged)} unchanged, ${count(counts.corrected)} corrected`,
  ];
  for (const { day, reason } of damaged)
    lines.push(
      ...paragraph(
        `${day} our copy is damaged (${safeText(reason)}): barloom verify --repair repairs it`,
        '',
      ),
    );
  return `${lines.join('\n')}\n`;
}
