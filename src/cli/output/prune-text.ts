/** What prune is going to remove, and what it removed, for people. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { ArchivedDay, PrunePlan } from '#tasks/upkeep/prune.js';
import { paragraph, row } from './paragraph.js';
import { bytes, count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

export interface PruneView {
  readonly dataset: string;
  readonly keepDays: number;
  readonly plan: PrunePlan;
  /** Tracked tickers whose series do not hold the bars of all of these days. */
  readonly lacking: readonly string[];
}

/** How many tickers are named. */
const TOLD = 8;

/** Before anything is removed. */
export function prunePlanText({ dataset, keepDays, plan, lacking }: PruneView): string {
  const { remove, stay, takeBack } = plan;
  const newest = stay.at(-1)?.day;
  if (newest === undefined) return `The archive of ${dataset} holds no day.\n`;
  const window = `${counted(keepDays, 'calendar day')} up to ${newest}, the newest day here`;
  const back =
    takeBack.length === 0
      ? []
      : paragraph(
          `${counted(takeBack.length, 'day')} that a stopped prune had marked as removed stay: their files are still here.`,
          '',
        );
  if (remove.length === 0) {
    const all = `Nothing to remove: the archive's ${counted(stay.length, 'day')} of ${dataset} lie within ${window}.`;
    return text([...paragraph(all, ''), ...back]);
  }
  return text([
    ...paragraph(`${dataset}: what lies within ${window}, stays.`, ''),
    row('remove', told(remove)),
    row('keep', told(stay)),
    ...paragraph(
      'The series keep their rows. A ticker that is added later will lack these days; populate leaves them alone, and only ' +
        'barloom backfill --only pruned fetches them again.',
      '',
    ),
    ...(lacking.length === 0 ? [] : paragraph(lackingText(lacking), '')),
    ...back,
  ]);
}

/** Afterwards. */
export function prunedText({ dataset }: Pick<PruneView, 'dataset'>, days: readonly ArchivedDay[]): string {
  return text(
    paragraph(
      `Removed ${counted(days.length, 'day')} of ${dataset} from the archive, ${span(days)}: ${bytes(total(days))} freed.`,
      '',
    ),
  );
}

function lackingText(lacking: readonly string[]): string {
  const named = lacking.slice(0, TOLD).map(safeText).join(', ');
  const more = lacking.length > TOLD ? ` and ${count(lacking.length - TOLD)} more` : '';
  const [they, fills] =
    lacking.length === 1
      ? ['1 tracked ticker does', 'it']
      : [`${count(lacking.length)} tracked tickers do`, 'them'];
  return `${they} not have all of these days in the series yet: ${named}${more}. barloom rebuild fills ${fills} first.`;
}

function span(days: readonly ArchivedDay[]): string {
  const [first, last]: readonly (IsoDay | undefined)[] = [days[0]?.day, days.at(-1)?.day];
  return first === last ? `${first}` : `${first} to ${last}`;
}

function told(days: readonly ArchivedDay[]): string {
  return `${span(days)}, ${counted(days.length, 'day')}, ${bytes(total(days))}`;
}

function total(days: readonly ArchivedDay[]): number {
  return days.reduce((sum, { bytes }) => sum + bytes, 0);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
