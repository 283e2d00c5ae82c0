/** What `add` did, for people. At most 80 columns. */

import type { DatasetSummary } from '#tasks/populate/summary.js';
import type { AddResult } from '#tasks/series/add.js';
import { paragraph } from './paragraph.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';
import { short, unknownText } from './unknown-text.js';

export interface AddView {
  readonly result: AddResult;
  /** Near tickers for each unknown one. */
  readonly near: Readonly<Record<string, readonly string[]>>;
  /** A sentence for each underlying of options whose weeklies are not tracked. */
  readonly weeklies: readonly string[];
  /** What --fetch fetched. */
  readonly fetched: DatasetSummary | undefined;
  readonly seconds: number;
  readonly trackedFile: string;
  readonly archiveDir: string;
  /** What a series has one of a day: a bar, or a day of many lines. */
  readonly unit: 'bar' | 'day';
}

/** How many tickers or days are named one by one; the --json document has all. */
const TOLD = 20;

export function addText(view: AddView): string {
  const { result, near, fetched, seconds, trackedFile, archiveDir } = view;
  const lines: string[] = [];
  for (const one of result.tickers.slice(0, TOLD)) {
    const already = one.was_tracked ? ' (tracked already)' : '';
    lines.push(`${short(one.ticker).padEnd(7)} ${barsText(one, view.unit)}${already}`);
  }
  if (result.tickers.length > TOLD)
    lines.push(`… and ${counted(result.tickers.length - TOLD, 'more ticker')}`);
  const unknown = unknownText(result.unknown, near);
  if (unknown !== '') lines.push(unknown.trimEnd());
  const { added, unchanged, kept } = result.ticker_days;
  if (result.days.archived === 0) {
    lines.push(...paragraph(emptyText(result, archiveDir), ''));
  } else {
    const rows = [`${counted(added, 'row')} added`, `${count(unchanged)} unchanged`];
    if (kept > 0) rows.push(`${count(kept)} of yours kept`);
    const { read, archived } = result.days;
    lines.push(
      `${count(read)} of ${counted(archived, 'day')} read: ${rows.join(', ')}; ${seconds.toFixed(2)} s`,
    );
  }
  for (const { day, reason } of result.damaged.slice(0, TOLD))
    lines.push(
      ...paragraph(
        `${day} our copy is damaged (${safeText(reason)}): barloom verify --repair repairs it`,
        '',
      ),
    );
  if (result.missing.length > 0 && fetched === undefined) {
    const open = result.missing.filter(({ accepted }) => accepted === undefined).length;
    if (open > 0)
      lines.push(
        ...paragraph(
          `${counted(open, 'session')} of the range ${open === 1 ? 'is' : 'are'} not in the archive: barloom gaps says why, --fetch asks for them.`,
          '',
        ),
      );
  }
  if (fetched !== undefined)
    lines.push(`fetched ${counted(fetched.days.fetched, 'day')} of ${count(fetched.days.sessions)}`);
  for (const text of view.weeklies) lines.push(...paragraph(text, ''));
  if (result.tickers.some(({ was_tracked }) => !was_tracked))
    lines.push(`tracked in ${safeText(trackedFile)}`);
  return `${lines.join('\n')}\n`;
}

function emptyText({ recorded }: AddResult, archiveDir: string): string {
  return recorded === 0
    ? 'The archive holds no such day: barloom populate fetches the days and fills them, and so does --fetch.'
    : `The archive ${safeText(archiveDir)} holds none of the ${counted(recorded, 'day')} that are recorded: is its drive mounted?`;
}

function barsText({ bars, first, last }: AddResult['tickers'][number], unit: AddView['unit']): string {
  if (bars === null) return 'added';
  if (bars === 0 || first === null || last === null) return 'nothing to add';
  return `${counted(bars, unit)}, ${first} to ${last}`;
}
