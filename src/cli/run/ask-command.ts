/**
 * A command's answer for a program that asks from within: its --json document, and what it said on stderr.
 * The command is the one that the terminal runs, so that both tell the same.
 */
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';

export interface CommandAnswer {
  readonly exitCode: number;
  readonly document: Readonly<Record<string, unknown>>;
  /** One line each. */
  readonly notes: readonly string[];
}

export interface Question {
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside those that name the folder. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** Only these of the server's own options are handed on: where the folder is. */
const PLACE = ['dataDir', 'archiveDir', 'sandbox'] as const;

export async function askCommand(
  { command, args = [], flags = {} }: Question,
  { flags: own, environment, commands }: Invocation,
  signal: AbortSignal,
): Promise<CommandAnswer> {
  const definition = commands.find(({ name }) => name === command);
  if (definition === undefined) throw new RangeError(`there is no command ${command}`);
  let [stdout, stderr] = ['', ''];
  const silent: Environment = {
    ...environment,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    writeOut: async (text) => {
      stdout += text;
      return true;
    },
    liveTerminal: false,
    stdoutTerminal: false,
    stdinTerminal: false,
    ask: async () => '',
    signal,
  };
  const place = Object.fromEntries(PLACE.flatMap((name) => (name in own ? [[name, own[name]]] : [])));
  const runner = await definition.load();
  const exitCode = await runner({
    args,
    flags: { ...flags, ...place, json: true },
    environment: silent,
    commands,
  });
  return {
    exitCode,
    document: JSON.parse(stdout) as Record<string, unknown>,
    notes: stderr.split('\n').filter((line) => line.trim() !== ''),
  };
}
