/** `barloom mcp`: a Model Context Protocol server on stdin and stdout; the folder, read-only. */
import type { Invocation } from '#cli/invocation.js';
import { serveMcp } from '#cli/mcp/server.js';
import { commandContext, requireData } from '#cli/run/context.js';
import { version } from '#cli/version.js';

export async function mcpCommand(invocation: Invocation): Promise<number> {
  requireData(await commandContext(invocation, 'anywhere'));
  await serveMcp(invocation, version(), { input: process.stdin, output: process.stdout });
  return 0;
}
