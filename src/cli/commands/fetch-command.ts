/** `barloom fetch`: a word of its own, or the types that are wanted. */
import type { CommandRunner, Invocation } from '#cli/invocation.js';

const ACTIONS: Readonly<Record<string, () => Promise<CommandRunner>>> = {
  status: async () => (await import('./fetch-status-command.js')).fetchStatusCommand,
  export: async () => (await import('./fetch-export-command.js')).fetchExportCommand,
};

export async function fetchCommand(invocation: Invocation): Promise<number> {
  const [action = '', ...args] = invocation.args;
  const load = ACTIONS[action];
  if (load !== undefined) return (await load())({ ...invocation, args });
  return (await import('./fetch-run-command.js')).fetchRunCommand(invocation);
}
