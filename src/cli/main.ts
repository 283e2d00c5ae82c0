/**
 * The command line: options into one call of the core each, and the exit code. Commands are loaded when they are run, so that --help loads
 * next to nothing.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { Command, CommanderError, Option } from 'commander';
import type { World } from './world.js';

/** Local storage, see exit-code.ts; not imported, so that --help loads next to nothing. */
const DISK_EXIT = 6;

export async function main(args: readonly string[]): Promise<void> {
  const world = realWorld();
  try {
    process.exitCode = await run(args, world);
  } catch (error) {
    const { judgeError } = await import('./errors.js');
    const { exitCode, message } = judgeError(error);
    world.stderr(`barloom: ${message}\n`);
    process.exitCode = exitCode;
  }
}

async function run(args: readonly string[], world: World): Promise<number> {
  let exitCode = 0;
  const program = new Command('barloom')
    .description("A stock market's daily flat files, downloaded once and woven into per-ticker histories.")
    .version(version())
    .configureOutput({ writeOut: world.stdout, writeErr: world.stderr })
    .exitOverride()
    .showHelpAfterError('(barloom --help tells the commands, barloom COMMAND --help their options)');

  withPopulateOptions(program.command('populate'))
    .description('Fetch the days of a range that are lacking, into the archive and the series.')
    .action(async (_options: unknown, command: Command) => {
      const { populateCommand } = await import('./populate-command.js');
      exitCode = await populateCommand(given(command), world);
    });

  program
    .command('sandbox')
    .description('Serve a synthetic market over S3 on this machine, for trying things out.')
    .addOption(new Option('--port <n>', 'port on 127.0.0.1').default('9911'))
    .addOption(new Option('--tickers <n>', 'size of the market, tickers a day').default('11500'))
    .addOption(new Option('--seed <n>', 'another seed is another market').default('1'))
    .addOption(new Option('--missing <days>', 'sessions that it lacks: 2026-03-02,2026-03-03'))
    .addOption(new Option('--denied <range>', 'days that are listed and refused: 2025-01-01..2025-01-31'))
    .addOption(new Option('--faults <plan>', 'faults for tests: reset:0.1,flip:0.05@seed=7'))
    .action(async (_options: unknown, command: Command) => {
      const { sandboxCommand } = await import('./sandbox-command.js');
      exitCode = await sandboxCommand(command.opts(), world);
    });

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Asked for help or the version: that is success. Anything else is a wrong command line.
    return error.code === 'commander.helpDisplayed' || error.code === 'commander.version' ? 0 : 2;
  }
  return exitCode;
}

function withPopulateOptions(command: Command): Command {
  const options: readonly (readonly [string, string])[] = [
    ['-s, --start <date>', 'first day, YYYY-MM-DD'],
    ['-e, --end <date>', 'last day (default: the last session that is due)'],
    ['--days <n>', 'so many calendar days up to the end'],
    ['--months <n>', 'so many calendar months up to the end'],
    ['-t, --dataset <names>', 'dataset (default: stocks_daily)'],
    [
      '--ticker-files <files...>',
      'ticker lists, in the place of stocks.txt, ibd.txt, ibd20.txt, ltl.txt, cmb.txt and short.txt',
    ],
    ['--tickers <list>', 'track these too (kept in tracked.txt): NVDA,BRK.B,BApA'],
    ['--all-tickers', 'a series for every ticker of the market'],
    ['--archive-only', 'keep the market, write no series'],
    ['--no-save-others', 'write series, keep no archive'],
    ['--force', 'fetch again what is here, and say what differs'],
    ['--recheck', 'list settled days again too, for files that the vendor replaced late'],
    ['--dry-run', 'only say what would be fetched'],
    ['--sandbox', 'no account: an embedded S3 server with a synthetic market'],
    ['--sandbox-tickers <n>', 'size of the synthetic market (default: 11500)'],
    ['--data-dir <dir>', 'data folder (default: the working directory; with --sandbox: barloom-sandbox)'],
    ['--archive-dir <dir>', 'the archive on another drive (default: massive_cache in the data folder)'],
    ['--endpoint <url>', 'S3 endpoint, or file:DIR for a mirror of the bucket in a folder'],
    ['--bucket <name>', 'bucket (default: flatfiles)'],
    ['--profile <name>', 'profile in ~/.aws (default: massive)'],
    ['--concurrency <n>', 'days in flight at once (default: 8)'],
    ['--rate-limit <n>', 'requests a second at most'],
    ['--workers <n>', 'worker threads (default: the processors, at most 4)'],
    ['--adopt-source', 'go on although the folder was filled from another source'],
    ['--break-lock', "take over another host's lock, once it is certainly dead"],
    ['--json', 'the result as JSON on stdout, progress as NDJSON on stderr'],
    ['--quiet', 'tell only problems and the result'],
    ['--no-progress', 'no live line'],
    ['--log-file <file>', 'log every event to a file, as NDJSON'],
    ['--log-level <level>', 'trace, debug, info (default), warn, error or silent'],
  ];
  for (const [flags, text] of options) command.option(flags, text);
  return command;
}

/** The options that stand on the command line; defaults are a matter of settings.ts. */
function given(command: Command): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(command.opts())) {
    if (command.getOptionValueSource(name) === 'cli') options[name] = value;
  }
  return options;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

function realWorld(): World {
  const { env, stderr, stdout } = process;
  // Printed at every start on Node 20 and of no use to a user: https://a.co/c895JFp
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const stop = new AbortController();
  const listeners: ((signal: 'SIGINT' | 'SIGTERM') => void)[] = [];
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      // The second one means at once, which is safe too: nothing that is half-written has its final name.
      if (stop.signal.aborted) process.exit(code);
      stop.abort(signal);
      for (const listener of listeners) listener(signal);
    });
  }
  // A reader that has gone away (head, a closed pager) is no reason to fail.
  for (const stream of [stdout, stderr]) {
    stream.once('error', (error: NodeJS.ErrnoException) => {
      // Whatever else goes wrong with the output (it is a file, and the disk is full) must not end a run half-way.
      if (error.code === 'EPIPE') return;
      process.on('exit', () => {
        process.exitCode ||= DISK_EXIT;
      });
    });
    stream.on('error', () => undefined);
  }
  const at = env['BARLOOM_NOW'];
  return {
    env,
    cwd: process.cwd(),
    home: os.homedir(),
    now: () => (at === undefined ? new Date() : new Date(at)),
    clock: () => performance.now(),
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    liveTerminal: stderr.isTTY === true && env['TERM'] !== 'dumb',
    columns: () => stderr.columns ?? 80,
    parallelism: os.availableParallelism(),
    signal: stop.signal,
    onStop: (listener) => void listeners.push(listener),
  };
}
