/** What lake build is doing and what it came to, for people. */
import type { BuildPlan, BuildResult } from '#tasks/lake/build.js';
import type { FileNews } from '#tasks/lake/build-file.js';
import { paragraph, row } from './paragraph.js';
import { bytes, count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

/** While it runs, a line a file. */
export function buildLine(dataset: string, { partition, texts, bytes: size }: FileNews): string {
  const rows = texts.reduce((sum, { proof }) => sum + proof.rows, 0);
  return `${dataset} ${partition}: ${counted(texts.length, 'day')}, ${counted(rows, 'row')}, ${bytes(size)}\n`;
}

export function buildPlanText(
  { dataset, wanted, needed, files, bytes: size }: BuildPlan,
  room: { readonly bytes: number; readonly free: number | null },
): string {
  const free = room.free === null ? '' : `, ${bytes(room.free)} free`;
  return text(dataset, [
    row(
      'to build',
      `${counted(needed.length, 'day')} in ${counted(files.length, 'file')}, of ${count(wanted.length)}`,
    ),
    row('to read', `${bytes(size)} of the archive`),
    row('room', `about ${bytes(room.bytes)}${free}`),
  ]);
}

/** How many days are named. */
const TOLD = 5;

export function buildText(result: BuildResult): string {
  const { dataset, days, files, rows, bytes: size, left_out, lossy, lossy_days, failed, lost } = result;
  const lines =
    files === 0
      ? [row('days', `${count(days.unchanged)} built already; nothing to do`)]
      : [
          row('days', `${count(days.built)} built, ${count(days.unchanged)} unchanged`),
          row('rows', count(rows)),
          row('files', `${count(files)}, ${bytes(size)}`),
        ];
  if (left_out > 0) lines.push(row('left out', `${counted(left_out, 'line')} that are no records`));
  if (lossy > 0) {
    lines.push(
      row('not exact', `${counted(lossy, 'number')} that a double cannot hold as the vendor wrote them:`),
    );
    for (const { day, proof } of lossy_days.slice(0, TOLD))
      for (const { ticker, column, text: number } of proof.examples.slice(0, 1))
        lines.push(
          row(
            '',
            safeText(`${day} ${ticker} ${column} ${number}; ${counted(proof.lossy, 'number')} of that day`),
          ),
        );
  }
  for (const { day, reason } of failed.slice(0, TOLD))
    lines.push(row('failed', safeText(`${day}: ${reason}`)));
  if (failed.length > 0)
    lines.push(...paragraph('barloom verify --repair repairs the archive; then build again.', ''));
  if (lost.length > 0)
    lines.push(
      row(
        'lost',
        `${lost.slice(0, TOLD).join(', ')}${lost.length > TOLD ? ' …' : ''}: their file was damaged, and the archive has them no more`,
      ),
    );
  return text(dataset, lines);
}

function text(dataset: string, lines: readonly string[]): string {
  return `${dataset}\n${lines.join('\n')}\n`;
}
