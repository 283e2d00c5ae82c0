/**
 * `barloom doctor`: what the outside lends a run, looked at piece by piece before anything is asked of it in
 * earnest.
 */

import { readFileSync } from 'node:fs';
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { isOpen, rangeFlags, rangeIn } from '#cli/options/range-flags.js';
import { doctorText } from '#cli/output/doctor-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { openConnection } from '#cli/run/connection.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { proxyFor } from '#cli/run/proxy.js';
import { noKeys } from '#cli/run/vendor-source.js';
import type { EffectiveSetting } from '#cli/settings/settings.js';
import { defaultWorkers, workersOf } from '#cli/settings/workers.js';
import { UsageError } from '#cli/usage-error.js';
import type { ResolvedRange } from '#market/calendar/range.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { SourceError } from '#platform/http/source-error.js';
import { packageFile } from '#platform/package-file.js';
import type { Source } from '#platform/s3/port.js';
import { readAllTracked } from '#store/lists/all-tracked.js';
import { type ExamineOptions, examine } from '#tasks/doctor/check.js';
import type { Connection } from '#tasks/doctor/dataset-checks.js';
import { type Diagnosis, type DoctorRequest, diagnose } from '#tasks/doctor/doctor.js';
import type { Finding } from '#tasks/doctor/finding.js';
import { exitCodeOf, stopSignalOf } from '#tasks/exit-code.js';
import { credentialsFile } from '#vendors/keys/credentials-file.js';
import { VENDOR_PROFILE } from '#vendors/keys/endpoint.js';
import { findRestKey } from '#vendors/keys/rest-key.js';

/** Longest time for one check, in ms. */
const MOST_MS = 20_000;
/** What is taken to be asked for where no range is given. */
const DEFAULT_MONTHS = 24;

export function doctorCommand(invocation: Invocation): Promise<number> {
  return reported('doctor', invocation, () => doctorWith(invocation));
}

async function doctorWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await contextOrSentence(invocation);
  const settings = typeof context === 'string' ? [] : effective(context, environment);
  const settingsFound =
    typeof context === 'string'
      ? wrong(context)
      : settingsFinding(settings, [...context.settings.warnings, ...context.settings.notes]);
  const before = [
    { name: 'program', finding: programFinding() },
    { name: 'settings', finding: settingsFound },
    ...(settingsFound.state === 'failure'
      ? []
      : [{ name: 'REST key', finding: await restKeyFinding(environment) }]),
  ];
  const live = environment.liveTerminal && flags['json'] !== true;
  const options: ExamineOptions = {
    signal: environment.signal,
    mostMs: MOST_MS,
    onBegin: (name) => live && environment.stderr(`\r\u001b[Klooking at ${name} …`),
  };
  try {
    // With wrong settings it is not known what else to look at.
    const diagnosis =
      typeof context === 'string' || before.some(({ finding }) => finding.state === 'failure')
        ? { ...(await examine(before.map(stationOf), options)), datasets: [], endpoint: undefined }
        : await withConnection(context, invocation, (openOnce) =>
            diagnose({ ...requestOf(context, invocation, openOnce), before }, options),
          );
    return resultOf(diagnosis, settings, environment);
  } finally {
    if (live) environment.stderr('\r\u001b[K');
  }
}

/** Of fetch alone: one that lacks keeps nothing else from working. */
async function restKeyFinding(environment: Environment): Promise<Finding> {
  try {
    const found = await findRestKey(environment);
    if (found !== undefined) return { state: 'ok', message: `in ${found.from}` };
    const where = `MASSIVE_API_KEY, or api_key under [massive] in ${credentialsFile(environment)}`;
    return { state: 'ok', message: `none; only fetch needs one: ${where}` };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { state: 'warning', message: error.message };
  }
}

/** With the defaults that are known by now said as what they are. */
function effective(
  { settings, layout }: CommandContext,
  environment: Environment,
): readonly EffectiveSetting[] {
  const known: Readonly<Record<string, string>> = {
    dataDir: layout.dataDir,
    archiveDir: layout.archiveDir,
    workers: String(defaultWorkers(environment)),
  };
  return settings
    .all()
    .map((one) => (one.origin === 'default' ? { ...one, shown: known[one.name] ?? one.shown } : one));
}

function stationOf({
  name,
  finding,
}: DoctorRequest['before'][number]): Parameters<typeof examine>[0][number] {
  return { name, run: async () => finding };
}

/** What is wrong with the settings, where there is no context because of it. */
async function contextOrSentence(invocation: Invocation): Promise<CommandContext | string> {
  try {
    return await commandContext(invocation);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** Lends `body` a way to open the connection, and closes what it opened. */
async function withConnection<T>(
  context: CommandContext,
  invocation: Invocation,
  body: (open: () => Promise<Connection>) => Promise<T>,
): Promise<T> {
  let close: () => Promise<void> = async () => undefined;
  try {
    return await body(async () => {
      const connection = await openConnection(context, invocation);
      close = connection.close;
      const source: Source = await connection.openSource();
      close = () => {
        source.close();
        return connection.close();
      };
      return { source, retry: connection.retry, clock: invocation.environment.clock, now: context.now };
    });
  } finally {
    await close();
  }
}

/** Throws RangeOptionsError. */
function requestOf(
  context: CommandContext,
  { flags, environment }: Invocation,
  open: () => Promise<Connection>,
): Omit<DoctorRequest, 'before'> {
  const { settings, layout, datasets, now, sandbox } = context;
  const { env, home } = environment;
  const profile = settings.text('profile') ?? VENDOR_PROFILE;
  const keys = {
    env,
    home,
    profile,
    profileExplicit: settings.origin('profile') !== 'default',
    endpoint: settings.text('endpoint'),
    missing: noKeys(profile),
  };
  const endpoint = {
    env,
    option: settings.text('endpoint'),
    optionOrigin: settings.origin('endpoint'),
    clock: environment.clock,
    wall: () => new Date(),
    proxyFor: (url: string) => proxyFor(url, environment),
  };
  return {
    layout,
    now,
    datasets: datasets.map((dataset) => {
      const { start, end } = rangeOf(flags, dataset, context);
      return { dataset, range: { start, end } };
    }),
    vendor: sandbox ? undefined : { keys, endpoint },
    fixedNow: env['BARLOOM_NOW'] === undefined ? undefined : now.toISOString(),
    openConnection: open,
    readTickers: () => readAllTracked(layout.dataDir, settings.texts('tickerFiles'), environment.cwd),
    adoptSource: flags['adoptSource'] === true,
    archive: settings.switch('saveOthers', true),
    concurrency: settings.count('concurrency', 8),
    workers: workersOf(settings, environment),
  };
}

function rangeOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  context: CommandContext,
): ResolvedRange {
  const given = rangeFlags(flags);
  return rangeIn(isOpen(given) ? { ...given, months: DEFAULT_MONTHS } : given, dataset, context);
}

function programFinding(): Finding {
  const manifest = JSON.parse(readFileSync(packageFile('#package/package.json'), 'utf8')) as {
    readonly version: string;
    readonly engines: { readonly node: string };
  };
  const { version: node, platform, arch } = process;
  const message = `barloom ${manifest.version} on Node ${node}, ${platform} ${arch}`;
  const least = manifest.engines.node.replace('>=', '');
  if (!isOlder(node.slice(1), least)) return { state: 'ok', message };
  const advice = `Install Node ${least} or newer.`;
  return { state: 'failure', message, advice, outcome: { usage: true } };
}

/** Of two versions such as 20.19.0 and 20.19. */
function isOlder(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major === leastMajor ? minor < leastMinor : major < leastMajor;
}

function settingsFinding(settings: readonly EffectiveSetting[], notes: readonly string[]): Finding {
  const problems = settings.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return wrong(problems.join('; '));
  const given = settings.filter(({ origin }) => origin !== 'default').length;
  const message = `${given === 0 ? 'none' : given} of ${settings.length} given, the others at their defaults (see below)`;
  if (notes.length === 0) return { state: 'ok', message };
  return { state: 'warning', message: notes.join('; '), advice: 'Correct it, or take it away.' };
}

function wrong(message: string): Finding {
  return {
    state: 'failure',
    message,
    advice: 'Correct it; nothing else was tried.',
    outcome: { usage: true },
  };
}

function resultOf(
  { checks, datasets, endpoint, outcome }: Diagnosis,
  found: readonly EffectiveSetting[],
  { signal, stdoutColumns }: Environment,
): CommandResult {
  // The endpoint has more places to come from than the settings.
  const settings = found.map((one) =>
    one.name === 'endpoint' && endpoint !== undefined
      ? { ...one, shown: endpoint.value, origin: endpoint.origin }
      : one,
  );
  const stopped = signal.aborted ? stopSignalOf(signal) : undefined;
  const exitCode = exitCodeOf({ ...outcome, signal: stopped });
  const shown = settings.map(({ name, shown, origin }) => ({ name, value: shown, origin }));
  return {
    exitCode,
    text: doctorText({ checks, settings, exitCode, width: Math.min(80, stdoutColumns() || 80) - 1 }),
    document: { checks, settings: shown, datasets },
  };
}
