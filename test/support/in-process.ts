/**
 * A command run in the process of the tests: the same command line, read by the same table, without a process
 * of its own. For tests of what a command does to others' things; what a signal or a kill does needs one.
 */
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { COMMANDS } from '#cli/command-table.js';
import type { Environment } from '#cli/environment.js';
import type { Workdir } from './workdir.js';

export interface Answered {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `args`: with the command's name in front. */
export async function inProcess(
  [name = '', ...args]: readonly string[],
  { root, now }: Pick<Workdir, 'root' | 'now'>,
  env: Environment['env'] = {},
): Promise<Answered> {
  const definition = COMMANDS.find((one) => one.name === name);
  if (definition === undefined) throw new RangeError(`no command ${name}`);
  const command = new Command(name).exitOverride();
  if (definition.operands !== undefined) command.arguments(definition.operands);
  for (const [flags, text] of definition.options) command.option(flags, text);
  command.parse([...args], { from: 'user' });
  const flags = Object.fromEntries(
    Object.entries(command.opts()).filter(([option]) => command.getOptionValueSource(option) === 'cli'),
  );
  let [stdout, stderr] = ['', ''];
  const environment: Environment = {
    env,
    cwd: root,
    home: path.join(root, 'home'),
    now: () => new Date(now),
    clock: () => performance.now(),
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
    columns: () => 80,
    stdoutTerminal: false,
    stdoutColumns: () => 80,
    stdinTerminal: false,
    ask: async () => '',
    parallelism: Math.min(2, os.availableParallelism()),
    signal: new AbortController().signal,
    onStop: () => undefined,
    tidied: (_, body) => body(),
  };
  const runner = await definition.load();
  const code = await runner({ args: command.args, flags, environment, commands: COMMANDS });
  return { code, stdout, stderr };
}
