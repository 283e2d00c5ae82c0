/** The Model Context Protocol over stdio: the tools and resources of the folder, for one client. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { judgeError } from '#cli/errors.js';
import type { Invocation } from '#cli/invocation.js';
import { boundedJson } from './bounded-json.js';
import { FACTS } from './facts.js';
import { describeTables } from './sql-tool.js';
import { MCP_TOOLS, type McpTool } from './tools.js';

export interface Wire {
  readonly input: Readable;
  readonly output: Writable;
}

/** Resolves when the client has gone, or the signal of the invocation is given. */
export async function serveMcp(invocation: Invocation, version: string, wire: Wire): Promise<void> {
  const { signal } = invocation.environment;
  const handle = serveStdio(() => serverOf(invocation, version), {
    transport: new StdioServerTransport(wire.input, wire.output),
    onerror: (error) => invocation.environment.stderr(`barloom: ${judgeError(error).message}\n`),
  });
  const gone = once(wire.input, 'close', { signal }).catch(() => undefined);
  await Promise.race([gone, once(wire.input, 'end', { signal }).catch(() => undefined)]);
  await handle.close();
}

function serverOf(invocation: Invocation, version: string): McpServer {
  const server = new McpServer(
    { name: 'barloom', title: "barloom: a market's history on this disk", version },
    { instructions: INSTRUCTIONS },
  );
  for (const tool of MCP_TOOLS) register(server, tool, invocation);
  server.registerResource(
    'facts',
    'barloom://facts',
    {
      title: 'What the data are',
      description: 'Units, days, adjustment, tickers: to be read before a number is.',
      mimeType: 'text/markdown',
    },
    ({ href }) => ({ contents: [{ uri: href, mimeType: 'text/markdown', text: FACTS }] }),
  );
  server.registerResource(
    'schema',
    'barloom://schema',
    {
      title: 'Tables and columns',
      description: 'Every table that sql can read, with its columns and types.',
      mimeType: 'application/json',
    },
    async ({ href }, { mcpReq }) => {
      const { tables } = await describeTables([], invocation, mcpReq.signal);
      const { described } = await describeTables(tables, invocation, mcpReq.signal);
      return {
        contents: [{ uri: href, mimeType: 'application/json', text: boundedJson({ tables: described }) }],
      };
    },
  );
  return server;
}

const INSTRUCTIONS =
  'The market data of a barloom folder, read-only: nothing is fetched or written. Read barloom://facts once; list_datasets says what is here. Prices are as traded unless an answer says that they are adjusted.';

function register(
  server: McpServer,
  { name, answer, input, title, description }: McpTool,
  invocation: Invocation,
) {
  const annotations = {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  };
  server.registerTool(
    name,
    { title, description, inputSchema: input, annotations },
    async (args, { mcpReq }) => {
      const signal = AbortSignal.any([invocation.environment.signal, mcpReq.signal]);
      try {
        const { document, isError } = await answer(args, { invocation, signal });
        return { content: [{ type: 'text', text: boundedJson(document) }], isError };
      } catch (error) {
        return { content: [{ type: 'text', text: judgeError(error).message }], isError: true };
      }
    },
  );
}
