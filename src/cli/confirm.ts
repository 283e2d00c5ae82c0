/** A yes/no question before something is done that cannot be undone. */
import type { Environment } from './environment.js';
import { UsageError } from './usage-error.js';

/**
 * Whether to go on: true at once with --yes, otherwise what the user answers; anything but yes is no. What is
 * going to be done has to be shown before. Throws UsageError where there is no terminal to ask on.
 */
export async function confirm(
  question: string,
  flags: Readonly<Record<string, unknown>>,
  environment: Pick<Environment, 'ask' | 'stdinTerminal'>,
): Promise<boolean> {
  if (flags['yes'] === true) return true;
  if (!environment.stdinTerminal || flags['json'] === true)
    throw new UsageError(`${question} There is no terminal to ask on: say --yes to do it without asking.`);
  const answer = await environment.ask(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}
