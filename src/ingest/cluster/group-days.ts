/** From days to tasks of a size that is worth sending to a machine. Pure. */
import { addDays, type IsoDay, monthOf, weekday } from '#market/calendar/iso-day.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { ClusterDay, ClusterTask } from './task.js';

/** Compressed bytes of a task, at most, where more than a day fits. */
const TASK_BYTES = 256 << 20;
/** Compressed bytes from which on a day has a machine for itself. */
const HUGE_BYTES = 1 << 30;

/** Sessions of each, for the choice. */
const UNITS = [
  { sessions: 253, of: (day: IsoDay) => day.slice(0, 4) },
  { sessions: 23, of: monthOf },
  { sessions: 5, of: (day: IsoDay) => addDays(day, -((weekday(day) + 6) % 7)) },
  { sessions: 1, of: (day: IsoDay) => day },
] as const;

/**
 * `listed`: all days of the range that the vendor has; `lacking`: those that are to be done. Grouped by years of
 * daily bars, months or weeks of minutes, single days of quotes: the largest unit of which a usual one is at most
 * 256 MiB. Newest first. A task's id is made of all that was listed of its unit, so that planning again while it
 * is under way names it the same.
 */
export function tasksOf(
  dataset: string,
  listed: readonly ClusterDay[],
  lacking: ReadonlySet<IsoDay>,
): readonly ClusterTask[] {
  if (listed.length === 0) return [];
  const mean = listed.reduce((sum, { object }) => sum + object.size, 0) / listed.length;
  const unit = UNITS.find(({ sessions }) => sessions * mean <= TASK_BYTES) ?? UNITS[3];
  const groups = new Map<string, ClusterDay[]>();
  for (const one of [...listed].sort((a, b) => (a.day < b.day ? 1 : -1))) {
    const group = groups.get(unit.of(one.day)) ?? [];
    group.push(one);
    groups.set(unit.of(one.day), group);
  }
  return [...groups.values()].flatMap((group) => {
    const days = group.filter(({ day }) => lacking.has(day));
    if (days.length === 0) return [];
    const bytes = days.reduce((sum, { object }) => sum + object.size, 0);
    return [{ id: idOf(dataset, group), dataset, days, bytes, huge: bytes >= HUGE_BYTES }];
  });
}

function idOf(dataset: string, group: readonly ClusterDay[]): string {
  const [newest, oldest] = [group[0]?.day ?? '', group.at(-1)?.day ?? ''];
  const mark = sha256(group.map(({ day, object }) => `${day} ${object.etag} ${object.size}\n`).join(''));
  return `${dataset.replaceAll('/', '.')}-${oldest}-${newest}-${mark.slice(0, 12)}`;
}
