/** `barloom schedule`: the entry that runs nightly or weekly, printed, installed or removed. */
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { placedText, type SchedulerForm } from '#cli/output/schedule-text.js';
import { type CommandContext, commandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { dayIn } from '#market/calendar/zone.js';
import { packageFile } from '#platform/package-file.js';
import { cronEntry } from '#tasks/schedule/crontab.js';
import {
  installCron,
  installUnits,
  type PlacedInCron,
  removeCron,
  removeUnits,
  ScheduleError,
} from '#tasks/schedule/install.js';
import { type Job, jobId, type Machine } from '#tasks/schedule/job.js';
import { schtasksLine } from '#tasks/schedule/schtasks.js';
import { systemdUnits } from '#tasks/schedule/systemd.js';
import { parseTimeOfDay } from '#tasks/schedule/wall-clock.js';

const DEFAULT_AT = '11:30';
/** Where programs are looked for that --on-finish names, besides beside Node. */
const SEARCHED = ['/usr/local/bin', '/usr/bin', '/bin'];
/** The program as it is installed: links are followed. */
const BARLOOM = packageFile('#package/bin/barloom.js');

export function scheduleCommand(invocation: Invocation): Promise<number> {
  return reported('schedule', invocation, () => scheduleWith(invocation));
}

async function scheduleWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  for (const [one, other] of [
    ['cron', 'systemd'],
    ['install', 'remove'],
  ] as const) {
    if (flags[one] === true && flags[other] === true)
      throw new UsageError(`Give only one of --${one} and --${other}.`);
  }
  const context = await commandContext(invocation);
  const job = jobOf(invocation, context);
  const machine = machineOf(context);
  if (process.platform === 'win32') return forWindows(flags, job, machine);
  const form: SchedulerForm = flags['systemd'] === true ? 'systemd' : 'cron';
  const units = systemdUnits(job);
  const entry = cronEntry(job, machine);
  const document = {
    verb: job.verb,
    scheduler: form,
    id: jobId(job),
    at: { time: timeGiven(flags), zone: job.zone },
    machine_zone: machine.zone,
    ...(form === 'cron'
      ? { entry }
      : { units: Object.fromEntries(units.map(({ name, text }) => [name, text])) }),
  };
  if (flags['install'] !== true && flags['remove'] !== true) {
    warn(job, context, environment);
    const printed = form === 'cron' ? entry : units.map(({ name, text }) => `# ${name}\n${text}`).join('\n');
    return { exitCode: 0, text: printed, document };
  }
  if (flags['install'] === true) {
    requireData(context);
    warn(job, context, environment);
  }
  const { placed, isSilenced } = await place(flags['install'] === true, form, {
    entry,
    units,
    mark: jobId(job),
    environment,
  });
  const text = placedText(placed, form, job, machine) + (isSilenced ? SILENCED : '');
  const mailed = form === 'cron' && flags['install'] === true ? { mailed: !isSilenced } : {};
  return { exitCode: 0, text, document: { ...document, placed, ...mailed } };
}

const SILENCED =
  'MAILTO="" above it in your crontab has cron mail nothing, also when a run fails:\nbarloom status says how the last one ended, and --on-finish can tell somebody.\n';

function timeGiven(flags: Invocation['flags']): string {
  return flags['at'] === undefined ? DEFAULT_AT : String(flags['at']);
}

/** Throws UsageError. */
function jobOf({ flags }: Invocation, context: CommandContext): Job {
  const { layout, settings, sandbox, datasets } = context;
  const { dataDir } = layout;
  const at = parseTimeOfDay(timeGiven(flags));
  if (at === undefined)
    throw new UsageError(`--at ${timeGiven(flags)} is no time of day: give New York's hour, such as 11:30.`);
  if (/\p{Cc}/u.test(dataDir + layout.archiveDir))
    throw new UsageError('A folder whose name holds control characters cannot be scheduled: rename it.');
  const onFinish = flags['onFinish'] === undefined ? [] : ['--on-finish', String(flags['onFinish'])];
  if (/\p{Cc}/u.test(onFinish.join('')))
    throw new UsageError(
      '--on-finish with a line break cannot be scheduled: put the commands into a script.',
    );
  const verb = flags['weekly'] === true ? 'weekly' : 'nightly';
  // What the folder's own settings say, the run finds there again; what this shell says it would not.
  const ofFolder = settings.origin('archiveDir') === path.join(dataDir, 'barloom.json');
  const archive =
    settings.text('archiveDir') === undefined || ofFolder ? [] : ['--archive-dir', layout.archiveDir];
  const options = ['--data-dir', dataDir, ...archive, ...(sandbox ? ['--sandbox'] : [])];
  const zone = datasets[0]?.publication.timeZone ?? 'America/New_York';
  return {
    verb,
    dataDir,
    command: [process.execPath, BARLOOM, verb, ...options, ...onFinish],
    searchPath: [...new Set([path.dirname(process.execPath), ...SEARCHED])].join(':'),
    at,
    zone,
    city: (zone.split('/').at(-1) ?? zone).replaceAll('_', ' '),
  };
}

/** Throws UsageError where the machine's zone cannot be found. */
function machineOf({ now }: CommandContext): Machine {
  const timeZone: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    // Where TZ holds what Node makes nothing of, there is none, and the hours would be those of UTC.
    if (timeZone === undefined) throw new RangeError('no zone');
    return { zone: timeZone, today: dayIn(timeZone, now) };
  } catch {
    throw new UsageError(
      `The machine's time zone is not known${timeZone === undefined ? '' : ` (${timeZone})`}: set TZ, such as TZ=Europe/Berlin.`,
    );
  }
}

/** Variables beside BARLOOM_* that decide where a run goes. */
const UNSEEN: ReadonlySet<string> = new Set([
  'AWS_PROFILE',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
]);

/** What will not be as it is in this shell. */
function warn({ at, city }: Job, { datasets }: CommandContext, { env, stderr }: Environment): void {
  const due = Math.max(...datasets.map(({ publication }) => publication.hour));
  if (at.hour < due)
    stderr(
      `barloom: files are due at ${due}:00 in ${city} the morning after; an earlier run often finds the newest not there yet\n`,
    );
  const unseen = Object.keys(env).filter(
    (name) => UNSEEN.has(name) || (name.startsWith('BARLOOM_') && name !== 'BARLOOM_NOW'),
  );
  if (unseen.length > 0)
    stderr(
      `barloom: ${safeText(unseen.join(', '))} of this shell will not be there in a scheduled run: put settings into barloom.json, ` +
        'an endpoint into ~/.aws/config\n',
    );
  if (env['AWS_ACCESS_KEY_ID'] !== undefined)
    stderr(
      'barloom: keys in this environment are not there in a scheduled run: put them into ~/.aws/credentials\n',
    );
}

interface Entries {
  readonly entry: string;
  readonly units: ReturnType<typeof systemdUnits>;
  readonly mark: string;
  readonly environment: Environment;
}

/** Throws UsageError, or the disk's error. */
async function place(
  install: boolean,
  form: SchedulerForm,
  { entry, units, mark, environment }: Entries,
): Promise<PlacedInCron> {
  const { env, home } = environment;
  const folder = path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'systemd', 'user');
  try {
    if (form === 'cron' && install) return await installCron(entry, mark, env);
    const placed =
      form === 'cron'
        ? await removeCron(mark, env)
        : await (install ? installUnits(units, folder, env) : removeUnits(units, folder, env));
    return { placed, isSilenced: false };
  } catch (error) {
    if (error instanceof ScheduleError) throw new UsageError(error.message);
    throw error;
  }
}

function forWindows(flags: Invocation['flags'], job: Job, machine: Machine): CommandResult {
  const line = schtasksLine(job, machine);
  if (['cron', 'systemd', 'install', 'remove'].some((name) => flags[name] === true))
    throw new UsageError(
      `Windows has neither cron nor systemd. Its own scheduler is told by this command:\n${line}`,
    );
  return { exitCode: 0, text: line, document: { verb: job.verb, scheduler: 'schtasks', entry: line } };
}
