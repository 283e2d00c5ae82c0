/**
 * One call of populate with everything that the command line lends it: reporter, log file, what Ctrl-C says.
 * Nightly and backfill share it.
 */
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import { judgeError } from '#cli/errors.js';
import { logRefusal } from '#cli/options/own-files.js';
import { againText } from '#cli/output/again-text.js';
import { LOG_LEVELS, type LogFile, type LogLevel, openLogFile } from '#cli/output/log-file.js';
import { newReporter, type Reporter } from '#cli/output/reporter.js';
import type { Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import type { PopulateEvent } from '#ingest/run/events.js';
import type { PopulateRequest } from '#ingest/run/request.js';
import { type PopulateResult, populate } from '#tasks/populate/populate.js';
import { newRunRecorder, type RunRecorder } from '#tasks/populate/run-recorder.js';
import type { Connection } from './connection.js';
import type { CommandContext } from './context.js';

export interface RunTools {
  readonly context: CommandContext;
  /** Closed when the run has ended. */
  readonly connection: Connection;
  readonly environment: Environment;
  /** In the place of the log file that the settings name. */
  readonly logFile?: LogFile;
  /** Told before everything else. */
  readonly notes?: readonly string[];
  /** Which events stderr hears of; undefined: all. */
  readonly reports?: (event: PopulateEvent) => boolean;
}

export interface PopulateEnded extends PopulateResult {
  /** What ended the run early, as it was reported on stderr. */
  readonly message: string | undefined;
}

export async function populateRun(request: PopulateRequest, tools: RunTools): Promise<PopulateEnded> {
  const { context, connection, environment } = tools;
  const logFile = tools.logFile ?? (await openLog(context, environment));
  const reporter = reporterOf(context, environment);
  const recorder = recorderOf(request, tools);
  const emit = (event: PopulateEvent): void => {
    if (tools.reports?.(event) !== false) reporter.hear(event);
    logFile?.hear(event);
    if (!request.dryRun) recorder.hear(event);
  };
  for (const message of tools.notes ?? []) emit({ type: 'note', level: 'info', message });
  let running = true;
  environment.onStop((signal) => {
    if (!running) return;
    reporter.say(
      `${signal}: finishing what is in flight; run the same command again to go on, ${againText(signal)}`,
    );
  });
  try {
    const result = await populate(request, {
      openSource: connection.openSource,
      retry: connection.retry,
      wire: connection.counted,
      now: context.now,
      clock: environment.clock,
      signal: environment.signal,
      emit,
      ended: (exitCode) => recorder.end(exitCode, environment.now()),
    });
    reporter.end();
    const message =
      result.failure === undefined || environment.signal.aborted
        ? undefined
        : judgeError(result.failure.error, result.failure.while).message;
    if (message !== undefined) {
      environment.stderr(`barloom: ${message}\n`);
      logFile?.error(message);
    }
    return { ...result, message };
  } finally {
    running = false;
    reporter.end();
    await connection.close();
  }
}

function recorderOf(request: PopulateRequest, { context, environment }: RunTools): RunRecorder {
  return newRunRecorder({
    dataDir: request.layout.dataDir,
    dataset: request.dataset.name,
    command: request.command ?? 'populate',
    range: request.range,
    pid: process.pid,
    now: context.now,
    clock: environment.clock,
  });
}

/** The log file that the settings name. Throws UsageError, or the disk's error. */
export async function openLog(
  context: Pick<CommandContext, 'settings' | 'layout'>,
  environment: Environment,
): Promise<LogFile | undefined> {
  const level = logLevel(context.settings);
  const file = logPath(context, environment.cwd);
  return file === undefined ? undefined : openLogFile(file, level);
}

/** What the settings name. Throws UsageError where it is a file of barloom's own. */
export function logPath(
  { settings, layout }: Pick<CommandContext, 'settings' | 'layout'>,
  cwd: string,
): string | undefined {
  const named = settings.text('logFile');
  if (named === undefined) return undefined;
  const file = path.resolve(cwd, named);
  const lists = (settings.texts('tickerFiles') ?? []).map((list) => path.resolve(cwd, list));
  const refusal = logRefusal(file, lists, layout);
  if (refusal !== undefined) throw new UsageError(`${settings.origin('logFile')}: ${refusal}`);
  return file;
}

/** Throws UsageError. */
export function logLevel(settings: Settings): LogLevel {
  const level = settings.text('logLevel') ?? 'info';
  if (isLogLevel(level)) return level;
  throw new UsageError(`--log-level ${level} is not known: give ${LOG_LEVELS.join(', ')}.`);
}

function isLogLevel(text: string): text is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(text);
}

export function reporterOf({ settings, json, quiet }: CommandContext, environment: Environment): Reporter {
  const live = !json && !quiet && environment.liveTerminal && settings.switch('progress', true);
  const form = quiet ? 'quiet' : json ? 'ndjson' : 'lines';
  return newReporter({
    form,
    live,
    write: environment.stderr,
    columns: environment.columns,
    clock: environment.clock,
  });
}
