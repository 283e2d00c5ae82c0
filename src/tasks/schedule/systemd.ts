/** A service and a timer for the user's systemd, which knows time zones. Pure. */
import { type Job, jobId, WEEKDAYS, weekdaysOf } from './job.js';
import { timeText, weekdayRanges } from './wall-clock.js';

export interface Unit {
  /** `barloom-nightly-3f2a91c0.timer`. */
  readonly name: string;
  readonly text: string;
}

/** The service, then its timer. */
export function systemdUnits(job: Job): readonly [service: Unit, timer: Unit] {
  const name = jobId(job);
  // A line that ends in a backslash would go on in the next one.
  const folder = specifier(job.dataDir).replace(/\\$/, '\\/');
  const what = `barloom ${job.verb} ${folder}`;
  const when = `${timeText(job.at)} in ${job.city}`;
  return [
    {
      name: `${name}.service`,
      text: [
        '[Unit]',
        `Description=${what}`,
        '',
        '[Service]',
        'Type=oneshot',
        `WorkingDirectory=${folder}`,
        `Environment=${quoted(`PATH=${job.searchPath}`, false)}`,
        `ExecStart=${job.command.map((word) => quoted(word, true)).join(' ')}`,
        '',
      ].join('\n'),
    },
    {
      name: `${name}.timer`,
      text: [
        '[Unit]',
        `Description=${what}, ${when}`,
        '',
        '[Timer]',
        `OnCalendar=${weekdayRanges(weekdaysOf(job), (day) => WEEKDAYS[day] ?? '', '..')} ${timeText(job.at)} ${job.zone}`,
        'Persistent=true',
        '',
        '[Install]',
        'WantedBy=timers.target',
        '',
      ].join('\n'),
    },
  ];
}

/** systemd reads % as the beginning of a specifier. */
function specifier(text: string): string {
  return text.replaceAll('%', '%%');
}

/** One word; in a command line $ would be a variable. */
function quoted(word: string, command: boolean): string {
  const escaped = specifier(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const whole = command ? escaped.replaceAll('$', '$$$$') : escaped;
  return /^[\w@+=:,./-]+$/.test(whole) ? whole : `"${whole}"`;
}
