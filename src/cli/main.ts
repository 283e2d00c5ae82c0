/**
 * The command line: options into one call of the core each, and the exit code. Commands are loaded when they
 * are run, and only the one that is asked for has its options made, so that --help and `add` load next to
 * nothing.
 */
import os from 'node:os';
import { Command, CommanderError } from 'commander';
import { setPageWidth } from '#cli/output/paragraph.js';
import { safeText } from '#cli/output/safe-text.js';
import { asciiText, wrapProblems } from '#cli/output/terminal-text.js';
import { drawsUnicode } from '#cli/output/text-style.js';
import { keepHeapSmall } from '#platform/threads/small-heap.js';
import { EXIT, STOP_SIGNALS, type StopSignal } from '#tasks/exit-code.js';
import { COMMANDS } from './command-table.js';
import type { Environment } from './environment.js';
import { UsageError } from './usage-error.js';
import { version } from './version.js';

export async function main(args: readonly string[]): Promise<void> {
  keepHeapSmall();
  const environment = realEnvironment();
  setPageWidth(environment.stdoutColumns());
  try {
    const trouble = placeTrouble(args, environment);
    if (trouble !== undefined) throw new UsageError(trouble);
    process.exitCode = await run(args, environment);
  } catch (error) {
    const { judgeError } = await import('./errors.js');
    const { exitCode, message } = judgeError(error);
    environment.stderr(`barloom: ${message}\n`);
    process.exitCode = exitCode;
  }
}

/**
 * Node has names as UTF-8, and where they are none something else: work would go into another folder of
 * nearly the same name.
 */
function placeTrouble(args: readonly string[], { cwd, env }: Environment): string | undefined {
  if (cwd === '') return 'The working directory has been removed: cd to one that is there.';
  const isLossy = (text: string | undefined): boolean => text?.includes('\ufffd') === true;
  if (isLossy(cwd)) return `The name of the working directory is not UTF-8 (${cwd}): rename it.`;
  const named =
    args.find(isLossy) ?? Object.keys(env).find((name) => name.startsWith('BARLOOM_') && isLossy(env[name]));
  return named === undefined ? undefined : `Not UTF-8: ${named}. Names of files and folders have to be.`;
}

async function run(args: readonly string[], environment: Environment): Promise<number> {
  let exitCode = 0;
  const help = asksForHelp(args) ? await import('./help/help.js') : undefined;
  const program = new Command('barloom')
    .description("A stock market's daily flat files, downloaded once and woven into per-ticker histories.")
    .version(version(), '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help; of a command with --all: its shared options too')
    .helpCommand('help [command]', 'the help of a command, or of the shared options: help options')
    .configureHelp(help?.HELP_LAYOUT ?? {})
    .configureOutput({
      writeOut: environment.stdout,
      // What was typed or pasted is shown again, and may hold anything.
      writeErr: (text) => environment.stderr(text.split('\n').map(safeText).join('\n')),
      outputError: (text, write) => write(text.replace(/^error: /, 'barloom: ')),
      getOutHelpWidth: environment.stdoutColumns,
      getErrHelpWidth: environment.columns,
    })
    .exitOverride()
    .showHelpAfterError('(barloom --help lists the commands, barloom COMMAND --help their options)');
  help?.declareTopic(program, COMMANDS);
  for (const definition of COMMANDS) {
    const command = program
      .command(definition.name)
      .summary(definition.summary)
      .description(definition.summary);
    // Without its options a command only has its line in the help.
    if (args.includes(definition.name)) {
      if (definition.operands !== undefined) command.arguments(definition.operands);
      if (help !== undefined) help.declareForHelp(command, definition, args.includes('--all'));
      else for (const [flags, text] of definition.options) command.option(flags, text);
    }
    help?.groupCommand(command);
    command.action(async () => {
      const runner = await definition.load();
      exitCode = await runner({ args: command.args, flags: given(command), environment, commands: COMMANDS });
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Asked for help or the version: that is success. Anything else is a wrong command line.
    if (error.exitCode === 0) return EXIT.ok;
    if (args.includes('--json')) await reportAsJson(args, error.message, environment);
    return EXIT.usage;
  }
  return exitCode;
}

function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || args[0] === 'help' || args.includes('--help') || args.includes('-h');
}

/** A wrong command line has its document too. */
async function reportAsJson(
  args: readonly string[],
  message: string,
  environment: Environment,
): Promise<void> {
  const { wholeDocument } = await import('#cli/output/reported.js');
  const { renderJson } = await import('#cli/output/json-document.js');
  const command = args.find((arg) => COMMANDS.some(({ name }) => name === arg)) ?? '';
  const result = { exitCode: EXIT.usage, message: message.replace(/^error: /, '') };
  environment.stdout(renderJson(wholeDocument(command, result, environment.clock())));
}

/** The options that stand on the command line; defaults are a matter of settings.ts. */
function given(command: Command): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(command.opts())) {
    if (command.getOptionValueSource(name) === 'cli') options[name] = value;
  }
  return options;
}

function realEnvironment(): Environment {
  const { env, stderr, stdout } = process;
  // Printed at every start on Node 20 and of no use to a user: https://a.co/c895JFp
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const stop = new AbortController();
  const listeners: ((signal: StopSignal) => void)[] = [];
  const tidying = new Set<() => void>();
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      // The second one means at once, which is safe too: nothing that is half-written has its final name.
      if (stop.signal.aborted) {
        // A terminal that closes sends it more than once.
        if (signal === 'SIGHUP') return;
        for (const tidy of tidying) tidy();
        // The prompt begins a line of its own, whatever stands on the last one.
        if (stderr.isTTY) stderr.write('\n');
        process.exit(EXIT[signal]);
      }
      stop.abort(signal);
      for (const listener of listeners) listener(signal);
    });
  }
  // A reader that has gone away (head, a closed pager) is no reason to fail.
  for (const stream of [stdout, stderr]) {
    stream.once('error', (error: NodeJS.ErrnoException) => {
      // Whatever else goes wrong with the output (it is a file, and the disk is full) must not end a run
      // half-way.
      if (error.code === 'EPIPE') return;
      if (stream === stdout)
        stderr.write(`barloom: the output could not be written (${error.code ?? error.message})\n`);
      process.on('exit', () => {
        process.exitCode ||= EXIT.disk;
      });
    });
    stream.on('error', () => undefined);
  }
  const at = env['BARLOOM_NOW'];
  const inLocale = drawsUnicode(env) ? (text: string): string => text : asciiText;
  return {
    env,
    cwd: folderFrom(process.cwd, ''),
    home: folderFrom(os.homedir, NO_HOME),
    now: () => (at === undefined ? new Date() : new Date(at)),
    clock: () => performance.now(),
    stdout: (text) => void stdout.write(inLocale(text)),
    stderr: (text) =>
      void stderr.write(inLocale(stderr.isTTY ? wrapProblems(text, stderr.columns || 80) : text)),
    writeOut: (text) => written(stdout, text),
    liveTerminal: stderr.isTTY === true && env['TERM'] !== 'dumb',
    columns: () => stderr.columns || 80,
    stdoutTerminal: stdout.isTTY === true,
    stdoutColumns: () => givenColumns(env['COLUMNS']) ?? (stdout.columns || 80),
    stdinTerminal: process.stdin.isTTY === true && stderr.isTTY === true,
    ask: async (question) => (await import('./ask.js')).askOnTerminal(question, stop.signal),
    parallelism: os.availableParallelism(),
    signal: stop.signal,
    onStop: (listener) => void listeners.push(listener),
    tidied: async (tidy, body) => {
      tidying.add(tidy);
      try {
        return await body();
      } finally {
        tidying.delete(tidy);
      }
    },
  };
}

/** What Debian gives users that have none. */
const NO_HOME = '/nonexistent';

/** `otherwise`: where there is none. */
function folderFrom(ask: () => string, otherwise: string): string {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/** A terminal's own width is exported by few shells; whoever sets COLUMNS means it. */
function givenColumns(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
}

/** False: nobody reads on. Throws the disk's error, where the output is a file. */
function written(stream: NodeJS.WriteStream, text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve(!error);
      else reject(error);
    });
  });
}
