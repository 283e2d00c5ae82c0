/**
 * An entry for cron, and a crontab with or without it. Every line of an entry carries its mark, so that what
 * is taken away again is ours and nothing else, whatever was edited in between. Pure.
 */
import { type Job, jobId, type Machine, WEEKDAYS, weekdaysOf } from './job.js';
import { localHours, shiftWeekdays, timeText, weekdayRanges } from './wall-clock.js';

const WIDTH = 79;

/** The entry: comments, then the line itself; each line ends with a line feed. */
export function cronEntry(job: Job, machine: Machine): string {
  const mark = jobId(job);
  const { earliest, latest, dayShift } = localHours(job.at, job.zone, machine.zone, machine.today);
  const days = shiftWeekdays(weekdaysOf(job), dayShift);
  const [first, last] = [timeText(earliest), timeText(latest)];
  const there = `${timeText(job.at)} in ${job.city}`;
  const hours =
    first === last
      ? `${there} is ${last} here (${machine.zone}) all year.`
      : `${there} is ${first} to ${last} here (${machine.zone}) over the year. cron knows no other zone: ${last} is never too early.`;
  const width = WIDTH - `# ${mark}: `.length;
  const comments = [oneLine(job.dataDir), ...wordsIn(hours, width)].map((text) => `# ${mark}: ${text}\n`);
  const command = `cd ${shellQuote(job.dataDir)} && PATH=${shellQuote(job.searchPath)} ${job.command.map(shellQuote).join(' ')}`;
  // The one line about a good night is no news; what is wrong goes to stderr, which cron mails.
  const line = forCron(`${command} >/dev/null # ${mark}`);
  const weekdays = weekdayRanges(days, String, '-');
  return `${comments.join('')}${latest.minute} ${latest.hour} * * ${weekdays} ${line}\n`;
}

/**
 * A line of shell as cron wants it. An unescaped % would end it, and of two backslashes Debian's cron takes
 * one away where cronie leaves both: a pair of quotes between them (backslashes stand in quoted words) says
 * the same to the shell and is left alone by every cron.
 */
function forCron(line: string): string {
  return line.replaceAll(/\\(?=[\\%])/g, "\\''").replaceAll('%', '\\%');
}

/** The days on which it runs here, for people: `Wed to Sun`. */
export function cronDays(job: Job, machine: Machine): string {
  const { dayShift } = localHours(job.at, job.zone, machine.zone, machine.today);
  return weekdayRanges(
    shiftWeekdays(weekdaysOf(job), dayShift),
    (day) => WEEKDAYS[day] ?? '',
    ' to ',
  ).replaceAll(',', ', ');
}

/**
 * The crontab with the entry in the place of an earlier one of the same mark, or at its end; but never below
 * a setting of the user's that would change when or how it runs, since those hold for all lines below them:
 * before the first of those. All else stays byte for byte.
 */
export function withEntry(crontab: string, entry: string, mark: string): string {
  const lines = linesOf(crontab);
  const marked = lines.findIndex((line) => isMarked(line, mark));
  const changing = lines.findIndex(isSetting);
  const at = Math.min(...[marked, changing, lines.length].filter((place) => place >= 0));
  const kept = (part: readonly string[]): string => part.filter((line) => !isMarked(line, mark)).join('');
  const before = kept(lines.slice(0, at));
  return (before === '' || before.endsWith('\n') ? before : `${before}\n`) + entry + kept(lines.slice(at));
}

/**
 * Whether cron mails what a run says on stderr: not where MAILTO is set to nothing above the entry. What
 * stands below it does not hold for it.
 */
export function isSilenced(crontab: string, mark: string): boolean {
  let isSilent = false;
  for (const line of linesOf(crontab)) {
    if (isMarked(line, mark)) return isSilent;
    const [, value] = /^\s*MAILTO\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (value !== undefined) isSilent = /^(?:""|'')?$/.test(value);
  }
  return false;
}

/**
 * Variables that change when a line runs, or what runs it: cronie's CRON_TZ and RANDOM_DELAY (crontab(5)), TZ
 * of other crons, and the shell; PATH the entry sets itself.
 */
function isSetting(line: string): boolean {
  return /^\s*["']?(?:CRON_TZ|TZ|SHELL|RANDOM_DELAY)["']?\s*=/.test(line);
}

export function withoutEntry(crontab: string, mark: string): string {
  return linesOf(crontab)
    .filter((line) => !isMarked(line, mark))
    .join('');
}

/** With their line feeds. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function isMarked(line: string, mark: string): boolean {
  return line.startsWith(`# ${mark}: `) || line.trimEnd().endsWith(` # ${mark}`);
}

/** As sh reads one word. */
export function shellQuote(text: string): string {
  return /^[\w@+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** On lines of that many columns. */
function wordsIn(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
