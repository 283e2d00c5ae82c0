/** What backup and move-archive did, for people. */
import type { BackupPlan } from '#tasks/upkeep/backup.js';
import type { Moved } from '#tasks/upkeep/move-archive.js';
import { paragraph, row, wrapped } from './paragraph.js';
import { bytes, counted } from './quantities.js';
import { safeText } from './safe-text.js';

/** `file`: undefined where it went to stdout. */
export function backupText(
  file: string | undefined,
  { entries, bytes: all, withoutArchiveDir, withoutQuotesPath }: BackupPlan,
): string {
  const of = (kind: BackupPlan['entries'][number]['kind']) => entries.filter((entry) => entry.kind === kind);
  const size = (some: BackupPlan['entries']) => bytes(some.reduce((sum, entry) => sum + entry.size, 0));
  const [folder, series, archive] = [of('folder'), of('series'), of('archive')];
  const [tables, quotes] = [of('tables'), of('quotes')];
  const lines = [
    ...paragraph(
      `${file === undefined ? 'stdout' : safeText(file)}: ${counted(entries.length, 'file')}, ${bytes(all)}`,
      '',
    ),
    row('archive', `${counted(archive.length, 'file')}, ${size(archive)}`),
    row('series', `${counted(series.length, 'file')}, ${size(series)}`),
    ...(tables.length > 0 ? [row('tables', `${counted(tables.length, 'file')}, ${size(tables)}`)] : []),
    ...(quotes.length > 0 ? [row('quotes', `${counted(quotes.length, 'file')}, ${size(quotes)}`)] : []),
    ...wrapped(
      'besides',
      folder.map(({ name }) => safeText(name)),
    ),
    '',
    ...(withoutArchiveDir
      ? paragraph('Its barloom.json names no archiveDir: unpacked, the archive lies in massive_cache.', '')
      : []),
    ...(withoutQuotesPath
      ? paragraph('Its barloom.json names no historicalData.path: unpacked, quotes lie in quotes.', '')
      : []),
    'To have it back: tar -xf FILE -C FOLDER, then barloom with --data-dir FOLDER.',
  ];
  return `${lines.join('\n')}\n`;
}

/** `overridden`: the option or variable that still names another folder, if any does. */
export function movedText(moved: Moved, overridden: string | undefined): string {
  const { from, to, files, linked, copied, already, left } = moved;
  const how = [
    ...(linked > 0 ? [`${counted(linked, 'file')} renamed (the same file system)`] : []),
    ...(copied > 0 ? [`${counted(copied, 'file')} copied and read again`] : []),
    ...(already > 0 ? [`${counted(already, 'file')} there already`] : []),
  ];
  const lines = [
    `The archive, ${counted(files, 'file')}, ${bytes(moved.bytes)}:`,
    row('from', safeText(from)),
    row('to', safeText(to)),
    ...wrapped('how', how),
    '',
  ];
  const say = (text: string): void => void lines.push(...paragraph(text, ''));
  if (moved.stopped) {
    say(
      'Stopped before anything was switched: the archive is where it was. Run the same command again to go on.',
    );
    return `${lines.join('\n')}\n`;
  }
  say('barloom.json says where it is now; no option is needed.');
  if (overridden !== undefined)
    say(
      `But ${overridden} goes before barloom.json and was given: leave it out from now on, or give it the new folder.`,
    );
  if (left > 0)
    say(
      `${counted(left, 'file')} in the old folder ${left === 1 ? 'has' : 'have'} no namesake in the new one and stayed there.`,
    );
  else if (moved.othersStay) say("What is not barloom's stayed in the old folder.");
  if (!moved.timesKept)
    say(
      'The new file system does not keep times to the millisecond: the next populate looks at every day anew, once.',
    );
  return `${lines.join('\n')}\n`;
}
