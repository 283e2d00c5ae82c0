/**
 * `cluster status --watch`: shows the state whenever it has changed: on a terminal in place of the last, through a
 * pipe behind it, with --json as a document a line; the last of these has the exit code.
 */
import type { Environment } from '#cli/environment.js';
import { type CommandResult, wholeDocument } from '#cli/output/reported.js';
import { safeJson } from '#cli/output/safe-text.js';
import type { CommandContext } from '#cli/run/context.js';
import { sleep } from '#platform/http/sleep.js';
import { stopCode } from '#tasks/exit-code.js';

const LOOK_MS = 2000;

/** Goes on until a signal. Throws as `gather`. */
export async function watchCluster(
  gather: () => Promise<CommandResult>,
  { json }: Pick<CommandContext, 'json'>,
  environment: Environment,
): Promise<CommandResult> {
  const inPlace = environment.stdoutTerminal && environment.env['TERM'] !== 'dumb';
  let seen = '';
  let last: CommandResult = { exitCode: 0 };
  while (!environment.signal.aborted) {
    last = await gather();
    const shown = json ? `${safeJson(wholeDocument('cluster status', last, 0))}\n` : (last.text ?? '');
    if (shown !== seen) environment.stdout(inPlace && !json ? `\x1b[H\x1b[2J${shown}` : shown);
    seen = shown;
    await sleep(LOOK_MS, environment.signal).catch(() => undefined);
  }
  return { ...last, exitCode: stopCode(environment), text: '' };
}
