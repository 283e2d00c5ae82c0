/** The command that schedules it on Windows, which has neither cron nor systemd. Printed only. Pure. */
import { type Job, jobId, type Machine, WEEKDAYS, weekdaysOf } from './job.js';
import { localHours, shiftWeekdays, timeText } from './wall-clock.js';

export function schtasksLine(job: Job, machine: Machine): string {
  const { latest, dayShift } = localHours(job.at, job.zone, machine.zone, machine.today);
  const days = shiftWeekdays(weekdaysOf(job), dayShift).map((day) => (WEEKDAYS[day] ?? '').toUpperCase());
  const run = job.command.map((word) => (/[\s&()^%]/.test(word) ? `\\"${word}\\"` : word)).join(' ');
  return `schtasks /Create /TN ${jobId(job)} /SC WEEKLY /D ${days.join(',')} /ST ${timeText(latest)} /TR "${run}"\n`;
}
