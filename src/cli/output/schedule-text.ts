/** What `schedule --install` and `--remove` did, for people. */
import { cronDays } from '#tasks/schedule/crontab.js';
import type { Placed } from '#tasks/schedule/install.js';
import type { Job, Machine } from '#tasks/schedule/job.js';
import { localHours, timeText } from '#tasks/schedule/wall-clock.js';
import { paragraph } from './paragraph.js';
import { safeText } from './safe-text.js';

export type SchedulerForm = 'cron' | 'systemd';

export function placedText(placed: Placed, form: SchedulerForm, job: Job, machine: Machine): string {
  const what = `barloom ${job.verb} in ${safeText(job.dataDir)}`;
  const [inIt, outOfIt, lacks] =
    form === 'cron'
      ? ['in your crontab', 'out of your crontab', 'Your crontab has no entry of']
      : ['among your systemd timers', 'out of your systemd timers', 'There is no systemd timer of'];
  if (placed === 'absent') return `${lacks} ${what}: nothing to remove.\n`;
  if (placed === 'removed') return `Taken ${outOfIt}: ${what}.\n`;
  const done = {
    added: `Put ${inIt}`,
    replaced: `Replaced ${inIt}`,
    unchanged: `Already ${inIt}`,
  }[placed];
  const lines = [`${done}: ${what}.`, ...whenTexts(form, job, machine)];
  return `${lines.join('\n')}\n`;
}

function whenTexts(form: SchedulerForm, job: Job, machine: Machine): readonly string[] {
  const at = `${timeText(job.at)} in ${job.city}`;
  if (form === 'systemd') {
    const days = job.verb === 'nightly' ? 'Tuesday to Saturday' : 'on Sunday';
    return [
      ...paragraph(`It runs at ${at}, ${days}; a missed run is made up for.`, ''),
      'To have it run while you are not logged in: loginctl enable-linger',
    ];
  }
  const { latest } = localHours(job.at, job.zone, machine.zone, machine.today);
  const here = `${timeText(latest)} (${machine.zone}), ${cronDays(job, machine)}`;
  return paragraph(`It runs at ${here}: never before ${at}.`, '');
}
