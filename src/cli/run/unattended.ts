/**
 * A run that nobody watches (nightly, weekly): it writes a line on stdout and only trouble on stderr, logs
 * everything to a file that is turned over, and hands its summary to a command at the end, however it ended.
 */
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import { judgeError } from '#cli/errors.js';
import type { Invocation } from '#cli/invocation.js';
import { LOG_NAME } from '#cli/options/own-files.js';
import { renderJson } from '#cli/output/json-document.js';
import type { LogFile } from '#cli/output/log-file.js';
import { type CommandResult, reported, wholeDocument } from '#cli/output/reported.js';
import { NIGHT_LOG, openRotatingLog, type RotatingLog } from '#cli/output/rotating-log.js';
import { safeText } from '#cli/output/safe-text.js';
import type { Settings } from '#cli/settings/settings.js';
import { EXIT, mostSevere, stoppedCode } from '#tasks/exit-code.js';
import { runHook } from '#tasks/nightly/on-finish.js';
import { type CommandContext, commandContext, requireData } from './context.js';
import { logLevel, logPath } from './populate-run.js';

const HOOK_MS = 60_000;

export interface Unattended {
  readonly command: string;
  readonly invocation: Invocation;
  readonly context: CommandContext;
  readonly log: LogFile;
}

/** A command that cron runs. `work` throws only what ends it before anything was done. */
export function unattended(
  command: string,
  invocation: Invocation,
  work: (tools: Unattended) => Promise<CommandResult>,
): Promise<number> {
  const { environment } = invocation;
  return reported(command, invocation, async () => {
    const begun = environment.clock();
    const context = await nightContext(invocation);
    const onFinish = context.settings.text('onFinish');
    maxLagOf(context.settings);
    let log: RotatingLog | undefined;
    let result: CommandResult;
    try {
      requireData(context);
      log = await openLog(context, environment.cwd);
      note(log, `${command} begins: ${context.layout.dataDir}`);
      result = await work({ command, invocation, context, log });
    } catch (error) {
      result = failedWork(error, { invocation, log });
    }
    const unwritten = log?.failure();
    if (unwritten !== undefined) {
      const { exitCode } = failedWork(unwritten, { invocation, log });
      result = { ...result, exitCode: mostSevere([result.exitCode, exitCode]) };
    }
    const line = result.text?.trimEnd() ?? `${command}: ${result.message ?? 'stopped'}`;
    result = { ...result, document: { ...result.document, line } };
    if (onFinish !== undefined && !environment.signal.aborted) {
      const summary = wholeDocument(command, result, environment.clock() - begun);
      result = await afterHook(onFinish, summary, result, { invocation, log });
    }
    if (log !== undefined) {
      for (const line of result.text?.trimEnd().split('\n') ?? []) note(log, line);
      note(log, `${command} ended with exit code ${result.exitCode}`);
    }
    return result;
  });
}

/** Quiet unless asked otherwise: cron mails whatever is written. */
async function nightContext(invocation: Invocation): Promise<CommandContext> {
  const context = await commandContext(invocation);
  return { ...context, quiet: context.settings.switch('quiet', !context.json) };
}

/** Throws UsageError. */
export function maxLagOf(settings: Settings): number | undefined {
  return settings.optionalCount('maxLag') === undefined ? undefined : settings.count('maxLag', 1);
}

function openLog(context: CommandContext, cwd: string): Promise<RotatingLog> {
  const { settings, layout } = context;
  const file = logPath(context, cwd) ?? path.join(layout.dataDir, LOG_NAME);
  return openRotatingLog(file, logLevel(settings), NIGHT_LOG);
}

function note(log: LogFile, message: string): void {
  log.hear({ type: 'note', level: 'info', message });
}

interface Ears {
  readonly invocation: Invocation;
  readonly log: LogFile | undefined;
}

/** Tells trouble where somebody will hear of it. Harmless for a terminal already. */
export function complain(message: string, { invocation, log }: Ears): void {
  invocation.environment.stderr(`barloom: ${message}\n`);
  log?.error(message);
}

/** What was thrown, reported and logged. */
export function failedWork(
  error: unknown,
  ears: Ears,
): { readonly exitCode: number; readonly message: string } {
  const { exitCode, message } = judgeError(error);
  complain(message, ears);
  return { exitCode, message };
}

/** A hook that fails makes a good night one with something undone; it hides no worse exit code. */
async function afterHook(
  hook: string,
  summary: Readonly<Record<string, unknown>>,
  result: CommandResult,
  { invocation, log }: Ears,
): Promise<CommandResult> {
  const { environment } = invocation;
  const { ok, how, output } = await runHook({
    command: hook,
    stdin: renderJson(summary),
    cwd: environment.cwd,
    env: withoutKeys(environment.env),
    timeoutMs: HOOK_MS,
    signal: environment.signal,
  });
  const said = output === '' ? '' : `: ${output.split('\n').at(-1) ?? ''}`;
  const document = { ...result.document, on_finish: { ok, how } };
  if (ok) {
    if (log !== undefined) note(log, `the --on-finish command succeeded${said}`);
    return { ...result, document };
  }
  complain(safeText(`the --on-finish command did not succeed (${how})${said}`), { invocation, log });
  const ours = environment.signal.aborted ? stoppedCode(environment.signal) : EXIT.incomplete;
  return { ...result, document, exitCode: mostSevere([result.exitCode, ours]) };
}

/**
 * The hook needs none, and what it writes is logged and mailed: a hook that prints its environment must not
 * show them.
 */
function withoutKeys(env: Environment['env']): Environment['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !KEYS.has(name)));
}

const KEYS: ReadonlySet<string> = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'MASSIVE_API_KEY',
  'POLYGON_API_KEY',
  'APCA_API_KEY_ID',
  'APCA_API_SECRET_KEY',
  'PGPASSWORD',
]);
