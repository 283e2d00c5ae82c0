/**
 * Runs a command's body: whatever it throws becomes a sentence on stderr and an exit code, and with --json
 * there is one document on stdout, also when it fails.
 */

import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { stoppedCode } from '#tasks/exit-code.js';
import { renderJson } from './json-document.js';

export interface CommandResult {
  readonly exitCode: number;
  /** For people, on stdout unless --json was given. */
  readonly text?: string;
  /** Fields of the JSON document beside schema_version, command, exit_code and seconds. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** What ended it early, if anything did. It is reported already. */
  readonly message?: string | undefined;
}

export async function reported(
  command: string,
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  body: () => Promise<CommandResult>,
): Promise<number> {
  const begun = environment.clock();
  let result: CommandResult;
  try {
    result = await body();
  } catch (error) {
    const { exitCode, message } = await verdictOf(error, environment);
    environment.stderr(`barloom: ${message}\n`);
    result = { exitCode, message };
  }
  const { exitCode, text } = result;
  if (flags['json'] !== true) {
    if (text !== undefined) environment.stdout(text);
    return exitCode;
  }
  environment.stdout(renderJson(wholeDocument(command, result, environment.clock() - begun)));
  return exitCode;
}

/** Of an error that ended the command, or of the signal that did. */
async function verdictOf(
  error: unknown,
  { signal }: Pick<Environment, 'signal'>,
): Promise<{ readonly exitCode: number; readonly message: string }> {
  if (signal.aborted && error === signal.reason) {
    return {
      exitCode: stoppedCode(signal),
      message: `${String(error)}: stopped; run the same command again to go on`,
    };
  }
  const { judgeError } = await import('#cli/errors.js');
  return judgeError(error);
}

/** What --json prints. `ms`: how long the command took. */
export function wholeDocument(
  command: string,
  { exitCode, message, document }: CommandResult,
  ms: number,
): Readonly<Record<string, unknown>> {
  return {
    schema_version: 1,
    command,
    exit_code: exitCode,
    seconds: Math.round(ms) / 1000,
    ...(message === undefined ? {} : { error: { message } }),
    datasets: [],
    ...document,
  };
}
