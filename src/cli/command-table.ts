/**
 * Every command with its options, as data: main.ts makes a command line of it, `completion` the shells' scripts. What a command does is
 * loaded when it is run.
 */
import type { CommandDefinition, OptionLine } from './invocation.js';

const START: OptionLine = ['-s, --start <date>', 'first day, YYYY-MM-DD'];
const END: OptionLine = ['-e, --end <date>', 'last day (default: the last session that is due)'];
const DAYS: OptionLine = ['--days <n>', 'so many calendar days up to the end'];
const MONTHS: OptionLine = ['--months <n>', 'so many calendar months up to the end'];
const DATASETS: OptionLine = ['-t, --dataset <names>', 'datasets (default: stocks_daily)'];
const DATASET: OptionLine = ['-t, --dataset <name>', 'dataset (default: stocks_daily)'];
const TICKER_FILES: OptionLine = [
  '--ticker-files <files...>',
  'ticker lists, in the place of stocks.txt, ibd.txt, ibd20.txt, ltl.txt, cmb.txt and short.txt',
];
const JSON_RESULT: OptionLine = ['--json', 'the result as JSON on stdout'];
const QUIET: OptionLine = ['--quiet', 'tell only problems and the result'];
const BREAK_LOCK: OptionLine = ['--break-lock', "take over another host's lock, once it is certainly dead"];
const YES: OptionLine = ['--yes', 'do it without asking'];
const DRY_RUN: OptionLine = ['--dry-run', 'only say what would be done'];

/** Which data folder. */
const FOLDER: readonly OptionLine[] = [
  ['--data-dir <dir>', 'data folder (default: the working directory; with --sandbox: barloom-sandbox)'],
  ['--archive-dir <dir>', 'the archive on another drive (default: massive_cache in the data folder)'],
  ['--sandbox', "the sandbox's data folder, and its synthetic market where something is asked of the vendor"],
];

/** What the vendor is asked through. */
const WIRE: readonly OptionLine[] = [
  ['--endpoint <url>', 'S3 endpoint, or file:DIR for a mirror of the bucket in a folder'],
  ['--bucket <name>', 'bucket (default: flatfiles)'],
  ['--profile <name>', 'profile in ~/.aws (default: massive)'],
  ['--concurrency <n>', 'days in flight at once (default: 8)'],
  ['--rate-limit <n>', 'requests a second at most'],
  ['--workers <n>', 'worker threads (default: the processors, at most 4)'],
  ['--sandbox-tickers <n>', 'size of the synthetic market (default: 11500)'],
  ['--adopt-source', 'go on although the folder was filled from another source'],
];

/** How a run that takes its time is told. */
const TALK: readonly OptionLine[] = [
  ['--json', 'the result as JSON on stdout, progress as NDJSON on stderr'],
  QUIET,
  ['--no-progress', 'no live line'],
  ['--log-file <file>', 'log every event to a file, as NDJSON'],
  ['--log-level <level>', 'trace, debug, info (default), warn, error or silent'],
];

/** What runs while nobody watches. */
const NIGHT: readonly OptionLine[] = [
  ['--max-lag <n>', 'exit with 3 when the newest day is more than so many sessions behind'],
  ['--on-finish <command>', 'a shell command that gets the summary as JSON on stdin'],
  ['-t, --dataset <names>', 'datasets (default: those that the folder holds)'],
  TICKER_FILES,
  ...FOLDER,
  ...WIRE,
  BREAK_LOCK,
  ['--json', 'the result as JSON on stdout, progress as NDJSON on stderr'],
  ['--quiet', 'with --json: no progress'],
  ['--log-file <file>', 'the log, as NDJSON (default: barloom.log in the data folder)'],
  ['--log-level <level>', 'trace, debug, info (default), warn, error or silent'],
];

export const COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'populate',
    summary: 'Fetch the days of a range that are lacking, into the archive and the series.',
    options: [
      START,
      END,
      DAYS,
      MONTHS,
      DATASETS,
      TICKER_FILES,
      ['--tickers <list>', 'track these too (kept in tracked.txt): NVDA,BRK.B,BApA'],
      ['--underlying <list>', 'of options: track those on these too: SPY,AAPL'],
      ['--all-tickers', 'a series for every ticker of the market'],
      ['--archive-only', 'keep the market, write no series'],
      ['--no-save-others', 'write series, keep no archive'],
      ['--force', 'fetch again what is here, and say what differs'],
      ['--recheck', 'list settled days again too, for files that the vendor replaced late'],
      ['--dry-run', 'only say what would be fetched'],
      ...FOLDER,
      ...WIRE,
      BREAK_LOCK,
      ...TALK,
    ],
    load: async () => (await import('#cli/commands/populate-command.js')).populateCommand,
  },
  {
    name: 'add',
    summary: 'Track tickers, and fill their series out of the archive; nothing is downloaded.',
    operands: '[tickers...]',
    options: [
      START,
      END,
      ['--file <file>', 'the tickers of a list: one a line, or the first column of a CSV'],
      ['--fetch', 'fetch the days that the archive lacks'],
      DATASET,
      TICKER_FILES,
      ...FOLDER,
      ...WIRE,
      BREAK_LOCK,
      ...TALK,
    ],
    load: async () => (await import('#cli/commands/add-command.js')).addCommand,
  },
  {
    name: 'remove',
    summary: 'Track tickers no longer; their series stay unless --delete is given.',
    operands: '[tickers...]',
    options: [
      ['--file <file>', 'the tickers of a list'],
      ['--delete', 'delete their series too'],
      YES,
      DATASET,
      TICKER_FILES,
      ...FOLDER,
      BREAK_LOCK,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/remove-command.js')).removeCommand,
  },
  {
    name: 'tickers',
    summary: 'The tickers of the market, or those that are tracked.',
    options: [
      ['--tracked', 'those that are tracked, and which list each stands in'],
      ['--like <pattern>', "those that fit: 'BRK*', '*.WS', 'A?'"],
      ['--on <date>', 'those of that day (default: the newest day here)'],
      DATASET,
      TICKER_FILES,
      ...FOLDER,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/tickers-command.js')).tickersCommand,
  },
  {
    name: 'rebuild',
    summary: 'Make the series again, from the archive alone.',
    operands: '[tickers...]',
    options: [
      ['--all-tickers', 'a series for every ticker of the market'],
      ['--workers <n>', 'worker threads (default: the processors, at most 4)'],
      DATASETS,
      TICKER_FILES,
      ...FOLDER,
      BREAK_LOCK,
      JSON_RESULT,
      QUIET,
    ],
    load: async () => (await import('#cli/commands/rebuild-command.js')).rebuildCommand,
  },
  {
    name: 'status',
    summary: 'What is here: days, coverage, tickers, sizes, the last run, and how far a running one is.',
    options: [['--watch', 'go on showing it until Ctrl-C'], DATASETS, TICKER_FILES, ...FOLDER, JSON_RESULT],
    load: async () => (await import('#cli/commands/status-command.js')).statusCommand,
  },
  {
    name: 'gaps',
    summary: 'What is not here, and why.',
    options: [
      START,
      END,
      DAYS,
      MONTHS,
      ['--accept <days>', 'accept these holes: 2025-08-07,2025-08-08 or 2025-08-07..2025-08-12'],
      ['--reason <text>', 'why, for --accept'],
      ['--unaccept <days>', 'take that back'],
      DATASETS,
      TICKER_FILES,
      ...FOLDER,
      BREAK_LOCK,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/gaps-command.js')).gapsCommand,
  },
  {
    name: 'backfill',
    summary: 'Fetch exactly what gaps found.',
    options: [
      START,
      END,
      DAYS,
      MONTHS,
      [
        '--only <states>',
        'only these: missing,failed,denied,available,never-asked,pruned (default: all but pruned)',
      ],
      ['--gaps-file <file>', 'what gaps --json wrote; - reads it from stdin'],
      DRY_RUN,
      DATASETS,
      TICKER_FILES,
      ...FOLDER,
      ...WIRE,
      BREAK_LOCK,
      ...TALK,
    ],
    load: async () => (await import('#cli/commands/backfill-command.js')).backfillCommand,
  },
  {
    name: 'verify',
    summary: 'Is what is here true?',
    options: [
      START,
      END,
      DAYS,
      MONTHS,
      ['--deep', 'every byte: hashes, members, each series against the archive'],
      ['--repair', 'mend from what is sound'],
      ['--max-jump <part>', 'suspect closes that differ by more, and come back (default: 0.5)'],
      ['--max-volume <times>', "suspect volumes of more times the ticker's median (default: 100)"],
      ['--min-tickers <part>', "suspect days with less of their neighbours' tickers (default: 0.7)"],
      ['--max-stale <part>', 'suspect days with more bars of the day before (default: 0.5)'],
      DATASETS,
      ...FOLDER,
      ...WIRE,
      BREAK_LOCK,
      ...TALK,
    ],
    load: async () => (await import('#cli/commands/verify-command.js')).verifyCommand,
  },
  {
    name: 'show',
    summary: 'Look at a ticker: candles and volume, key figures, the last rows.',
    operands: '<ticker>',
    options: [
      START,
      ['-e, --end <date>', "last day (default: the ticker's own last)"],
      DAYS,
      ['--months <n>', 'so many calendar months up to the end (default: 6)'],
      ['--weekly', 'a candle a week'],
      DATASET,
      ...FOLDER,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/show-command.js')).showCommand,
  },
  {
    name: 'export',
    summary: "Tickers' histories for other programs, to stdout or a file.",
    operands: '[tickers...]',
    options: [
      ['-s, --start <date>', 'first day, YYYY-MM-DD (default: everything)'],
      ['-e, --end <date>', 'last day'],
      DAYS,
      MONTHS,
      ['--tracked', 'every ticker that is tracked'],
      ['--file <file>', 'the tickers of a list: one a line, or the first column of a CSV'],
      ['--bar <width>', 'bars of days: 1w, 1mo or 3mo; of minutes: 2m, 5m, 15m, 30m, 1h, 90m, 4h or 1d too'],
      [
        '--session <hours>',
        'of minutes: regular (09:30 to 16:00), extended (04:00 to 20:00) or all (default)',
      ],
      ['--format <format>', 'csv (default), json or ndjson'],
      ['-o, --output <file>', 'in the place of stdout'],
      DATASET,
      TICKER_FILES,
      ...FOLDER,
    ],
    load: async () => (await import('#cli/commands/export-command.js')).exportCommand,
  },
  {
    name: 'nightly',
    summary: 'What cron runs every night: the last days, and whatever of them is late or was replaced.',
    options: NIGHT,
    load: async () => (await import('#cli/commands/nightly-command.js')).nightlyCommand,
  },
  {
    name: 'weekly',
    summary: 'What cron runs once a week: nightly, gaps, backfill and verify.',
    options: NIGHT,
    load: async () => (await import('#cli/commands/weekly-command.js')).weeklyCommand,
  },
  {
    name: 'schedule',
    summary: 'Print, install or remove the entry that runs nightly or weekly.',
    options: [
      ['--at <hh:mm>', "New York's hour (default: 11:30)"],
      ['--weekly', 'the weekly run'],
      ['--cron', 'a crontab line (default)'],
      ['--systemd', 'a systemd service and timer'],
      ['--install', 'put it in place'],
      ['--remove', 'take it away'],
      ...FOLDER,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/schedule-command.js')).scheduleCommand,
  },
  {
    name: 'datasets',
    summary: 'What datasets there are, what of them is here, and what the keys may read.',
    options: [
      ['-t, --dataset <names>', 'only these'],
      ['--offline', 'ask nothing of the vendor'],
      ...FOLDER,
      ...WIRE,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/datasets-command.js')).datasetsCommand,
  },
  {
    name: 'doctor',
    summary: 'Will it work, and if not, what to do.',
    options: [
      START,
      END,
      DAYS,
      ['--months <n>', 'so many calendar months up to the end (default: 24)'],
      DATASETS,
      TICKER_FILES,
      ...FOLDER,
      ...WIRE,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/doctor-command.js')).doctorCommand,
  },
  {
    name: 'prune',
    summary: 'Remove the oldest days of the archive.',
    options: [
      ['--keep-days <n>', 'keep so many calendar days up to the newest'],
      DRY_RUN,
      YES,
      DATASET,
      TICKER_FILES,
      ...FOLDER,
      BREAK_LOCK,
      JSON_RESULT,
    ],
    load: async () => (await import('#cli/commands/prune-command.js')).pruneCommand,
  },
  {
    name: 'backup',
    summary: 'Everything that cannot be had again, and the archive, as one tar file.',
    operands: '<file>',
    options: [
      ['--yes', 'replace a file that is there already'],
      TICKER_FILES,
      ...FOLDER,
      BREAK_LOCK,
      JSON_RESULT,
      QUIET,
    ],
    load: async () => (await import('#cli/commands/backup-command.js')).backupCommand,
  },
  {
    name: 'move-archive',
    summary: 'Move the archive to another folder or drive.',
    operands: '<dir>',
    options: [
      ['--data-dir <dir>', 'data folder (default: the working directory)'],
      ['--archive-dir <dir>', 'where the archive is now'],
      BREAK_LOCK,
      JSON_RESULT,
      QUIET,
    ],
    load: async () => (await import('#cli/commands/move-archive-command.js')).moveArchiveCommand,
  },
  {
    name: 'completion',
    summary: 'The script that makes a shell complete commands, options and tickers.',
    operands: '[shell]',
    options: [],
    load: async () => (await import('#cli/commands/completion-command.js')).completionCommand,
  },
  {
    name: 'sandbox',
    summary: 'Serve a synthetic market over S3 on this machine, for trying things out.',
    options: [
      ['--port <n>', 'port on 127.0.0.1 (default: 9911)'],
      ['--tickers <n>', 'size of the market, tickers a day (default: 11500)'],
      ['--seed <n>', 'another seed is another market (default: 1)'],
      ['--missing <days>', 'sessions that it lacks: 2026-03-02,2026-03-03'],
      ['--denied <range>', 'days that are listed and refused: 2025-01-01..2025-01-31'],
      ['--denied-datasets <prefixes>', 'datasets that are listed and refused: us_options_opra/trades_v1'],
      ['--true-sizes', "the newest day of every dataset as large as the vendor's"],
      ['--true-days <n>', 'with --true-sizes: so many sessions (default: 1)'],
      ['--true-rows <n>', "with --true-sizes: rows of a day's trades or quotes (default: 2000000)"],
      ['--faults <plan>', 'faults for tests: reset:0.1,flip:0.05@seed=7'],
    ],
    load: async () => (await import('#cli/commands/sandbox-command.js')).sandboxCommand,
  },
];
