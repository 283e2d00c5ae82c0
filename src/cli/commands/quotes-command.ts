/** `barloom quotes`: what it can do, a file each. */
import type { CommandRunner, Invocation } from '#cli/invocation.js';
import { reported } from '#cli/output/reported.js';
import { UsageError } from '#cli/usage-error.js';

const ACTIONS: Readonly<Record<string, () => Promise<CommandRunner>>> = {
  import: async () => (await import('./quotes-import-command.js')).quotesImportCommand,
  load: async () => (await import('./quotes-load-command.js')).quotesLoadCommand,
  status: async () => (await import('./quotes-status-command.js')).quotesStatusCommand,
};

export async function quotesCommand(invocation: Invocation): Promise<number> {
  const [action = '', ...args] = invocation.args;
  const load = ACTIONS[action];
  if (load !== undefined) return (await load())({ ...invocation, args });
  return reported('quotes', invocation, async () => {
    throw new UsageError(
      `barloom quotes ${action === '' ? 'needs a word' : `${action} is not known`}: give ${Object.keys(ACTIONS).join(', ')}.`,
    );
  });
}
