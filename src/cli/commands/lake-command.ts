/** `barloom lake`: what it can do, a file each. */
import type { CommandRunner, Invocation } from '#cli/invocation.js';
import { reported } from '#cli/output/reported.js';
import { UsageError } from '#cli/usage-error.js';

const ACTIONS: Readonly<Record<string, () => Promise<CommandRunner>>> = {
  build: async () => (await import('./lake-build-command.js')).lakeBuildCommand,
  status: async () => (await import('./lake-status-command.js')).lakeStatusCommand,
  verify: async () => (await import('./lake-verify-command.js')).lakeVerifyCommand,
  prune: async () => (await import('./lake-prune-command.js')).lakePruneCommand,
  duckdb: async () => (await import('./lake-duckdb-command.js')).lakeDuckdbCommand,
};

export async function lakeCommand(invocation: Invocation): Promise<number> {
  const [action = '', ...args] = invocation.args;
  const load = ACTIONS[action];
  if (load !== undefined) return (await load())({ ...invocation, args });
  return reported('lake', invocation, async () => {
    throw new UsageError(
      `barloom lake ${action === '' ? 'needs a word' : `${action} is not known`}: give ${Object.keys(ACTIONS).join(', ')}.`,
    );
  });
}
