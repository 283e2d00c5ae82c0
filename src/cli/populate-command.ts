/** `barloom populate`: options into one call of the core, its events to whoever listens, its result to stdout. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { lastDueSession } from '../calendar/due.js';
import { resolveRange } from '../calendar/range.js';
import { dayIn } from '../calendar/zone.js';
import type { Replacement } from '../disk/durable.js';
import { folderLayout } from '../disk/layout.js';
import type { Dataset } from '../flatfile/dataset.js';
import { datasets, stocksDaily } from '../flatfile/datasets.js';
import type { PopulateEvent } from '../populate/events.js';
import { type PopulateResult, populate } from '../populate/populate.js';
import type { PopulateRequest } from '../populate/request.js';
import { renderJson } from '../report/json-document.js';
import { LOG_LEVELS, type LogFile, type LogLevel, openLogFile } from '../report/log-file.js';
import { newReporter, type Reporter } from '../report/reporter.js';
import { summaryText } from '../report/summary-text.js';
import { createCounters } from '../source/counting.js';
import { DEFAULT_RETRY } from '../source/guard.js';
import type { Source } from '../source/port.js';
import type { RetryPolicy } from '../source/retry.js';
import { sleep } from '../source/sleep.js';
import { defaultListNames, readTickerLists } from '../tickers/lists.js';
import { readTracked, renderTracked, trackedFileName } from '../tickers/tracked.js';
import { judgeError, UsageError } from './errors.js';
import { loadSettings, type Settings } from './settings.js';
import { noKeys, vendorSettings } from './vendor-source.js';
import type { World } from './world.js';

/** The sandbox's own data folder, so that no made-up price gets between real ones. */
const SANDBOX_FOLDER = 'barloom-sandbox';

export async function populateCommand(
  flags: Readonly<Record<string, unknown>>,
  world: World,
): Promise<number> {
  const json = flags['json'] === true;
  const begun = world.clock();
  const finish = (
    exitCode: number,
    result: PopulateResult | undefined,
    message: string | undefined,
  ): number => {
    if (!json) return exitCode;
    world.stdout(
      renderJson({
        schema_version: 1,
        command: 'populate',
        ...(flags['dryRun'] === true ? { dry_run: true } : {}),
        exit_code: exitCode,
        seconds: Math.round(world.clock() - begun) / 1000,
        ...(message === undefined ? {} : { error: { message } }),
        datasets: result === undefined ? [] : [result.summary],
      }),
    );
    return exitCode;
  };
  try {
    return await populateWith(flags, world, json, begun, finish);
  } catch (error) {
    const { exitCode, message } = judgeError(error);
    world.stderr(`barloom: ${message}\n`);
    return finish(exitCode, undefined, message);
  }
}

async function populateWith(
  flags: Readonly<Record<string, unknown>>,
  world: World,
  json: boolean,
  begun: number,
  finish: (exitCode: number, result: PopulateResult | undefined, message: string | undefined) => number,
): Promise<number> {
  const sandbox = flags['sandbox'] === true;
  checkConflicts(flags);
  const settings = await loadSettings({
    flags,
    env: world.env,
    home: world.home,
    cwd: world.cwd,
    defaultDataDir: sandbox ? SANDBOX_FOLDER : '.',
  });
  const dataset = datasetOf(flags['dataset']);
  const now = world.now();
  if (Number.isNaN(now.getTime()))
    throw new UsageError('BARLOOM_NOW is not an instant such as 2026-11-20T17:00:00Z.');
  const range = rangeOf(flags, dataset, now);
  const dataDir = path.resolve(world.cwd, settings.text('dataDir') ?? (sandbox ? SANDBOX_FOLDER : '.'));
  const archiveDir = settings.text('archiveDir');
  const layout = folderLayout(
    dataDir,
    archiveDir === undefined ? undefined : path.resolve(world.cwd, archiveDir),
  );
  const concurrency = settings.count('concurrency', 8);
  const logFile = await openLog(settings, world);

  const counters = createCounters();
  let retried = 0;
  const retry: RetryPolicy = {
    ...DEFAULT_RETRY,
    sleep,
    random: Math.random,
    signal: world.signal,
    onRetry: () => {
      retried++;
    },
  };
  const wire = { counters, retry, concurrency };
  const market = sandbox ? await import('./sandbox-market.js') : undefined;
  const tickers = await tickersOf(flags, settings, dataDir, market?.sandboxTickers(), world);
  const vendor = sandbox ? undefined : await vendorSettings(settings, world, wire);
  // An empty folder cannot be served without the network: say so before anything is made.
  if (
    vendor?.hasKeys === false &&
    !existsSync(path.join(dataDir, 'progress.json')) &&
    !existsSync(layout.archiveDir)
  ) {
    throw noKeys(settings.text('profile') ?? 'massive');
  }
  const request: PopulateRequest = {
    dataset,
    layout,
    range,
    wanted: flags['allTickers'] === true ? '*' : tickers.wanted,
    wishes: {
      archive: settings.switch('saveOthers', true),
      series: flags['archiveOnly'] !== true,
      force: flags['force'] === true,
    },
    recheck: flags['recheck'] === true,
    dryRun: flags['dryRun'] === true,
    concurrency,
    workers: settings.count('workers', Math.min(4, world.parallelism)),
    adoptSource: flags['adoptSource'] === true,
    breakLock: flags['breakLock'] === true,
    write: tickers.write,
  };
  const reporter = reporterOf(settings, world, json);
  const emit = (event: PopulateEvent): void => {
    reporter.hear(event);
    logFile?.hear(event);
  };
  world.onStop((signal) => {
    reporter.say(
      `${signal}: finishing what is in flight; run the same command again to go on, ${signal} again stops at once`,
    );
  });
  const running = market?.sandboxMarket(flags['sandboxTickers'], now, wire, settings);
  const openSource = (): Promise<Source> => {
    if (running !== undefined) return running.open();
    if (vendor === undefined) throw new Error('there is neither a vendor nor a sandbox');
    return vendor.open();
  };
  try {
    const result = await populate(request, {
      openSource,
      retry,
      wire: () => ({ list: counters.list, get: counters.get, retried, bytes: counters.bytesDownloaded }),
      now,
      clock: world.clock,
      signal: world.signal,
      emit,
    });
    reporter.end();
    const failure =
      result.failure === undefined || world.signal.aborted
        ? undefined
        : judgeError(result.failure.error, result.failure.while);
    if (failure !== undefined) {
      world.stderr(`barloom: ${failure.message}\n`);
      logFile?.error(failure.message);
    }
    if (!json) {
      world.stdout(
        summaryText({
          summary: result.summary,
          calendar: dataset.calendar,
          seconds: (world.clock() - begun) / 1000,
          exitCode: result.exitCode,
          dryRun: request.dryRun,
          archive: request.wishes.archive,
          series: request.wishes.series,
        }),
      );
    }
    return finish(result.exitCode, result, failure?.message);
  } finally {
    reporter.end();
    await running?.close();
  }
}

function checkConflicts(flags: Readonly<Record<string, unknown>>): void {
  const conflicts: readonly (readonly [string, string])[] = [
    ['archiveOnly', 'allTickers'],
    ['sandbox', 'endpoint'],
  ];
  for (const [a, b] of conflicts) {
    if (flags[a] !== undefined && flags[b] !== undefined)
      throw new UsageError(`Give only one of ${flagOf(a)} and ${flagOf(b)}.`);
  }
  if (flags['archiveOnly'] === true && flags['saveOthers'] === false) {
    throw new UsageError('--archive-only and --no-save-others together leave nothing to do: give only one.');
  }
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function datasetOf(given: unknown): Dataset {
  const names = given === undefined ? [stocksDaily.name] : String(given).split(',');
  const [name, ...more] = names;
  const dataset = datasets.get(name ?? '');
  if (dataset === undefined || more.length > 0) {
    throw new UsageError(
      `--dataset ${String(given)} is not known: give ${[...datasets.keys()].join(' or ')}.`,
    );
  }
  return dataset;
}

function rangeOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  now: Date,
): ReturnType<typeof resolveRange> {
  const text = (name: string): string | undefined =>
    flags[name] === undefined ? undefined : String(flags[name]);
  return resolveRange(
    { start: text('start'), end: text('end'), days: text('days'), months: text('months') },
    {
      today: dayIn(dataset.publication.timeZone, now),
      lastDue: lastDueSession(dataset.calendar, dataset.publication, now),
      firstDay: dataset.firstDay,
    },
  );
}

interface Tickers {
  readonly wanted: readonly string[];
  readonly write: readonly Replacement[];
}

async function tickersOf(
  flags: Readonly<Record<string, unknown>>,
  settings: Settings,
  dataDir: string,
  sandboxTickers: readonly string[] | undefined,
  world: World,
): Promise<Tickers> {
  const lists = await readTickerLists(dataDir, settings.texts('tickerFiles'), world.cwd);
  const tracked = await readTracked(dataDir);
  const added =
    flags['tickers'] === undefined
      ? []
      : String(flags['tickers'])
          .split(',')
          .map((ticker) => ticker.trim())
          .filter(Boolean);
  const text = renderTracked(tracked.text, added);
  const write: Replacement[] =
    text === (tracked.text ?? '') ? [] : [{ file: path.join(dataDir, trackedFileName), content: text }];
  const wanted = [...new Set([...lists.tickers, ...tracked.tickers, ...added])];
  if (wanted.length > 0 || flags['allTickers'] === true || flags['archiveOnly'] === true)
    return { wanted, write };
  if (sandboxTickers !== undefined && lists.lists.length === 0) {
    const content = `# The sandbox's own list; edit it, or replace it by yours.\n${sandboxTickers.join('\n')}\n`;
    return {
      wanted: sandboxTickers,
      write: [...write, { file: path.join(dataDir, defaultListNames[0] ?? 'stocks.txt'), content }],
    };
  }
  throw new UsageError(
    `No tickers: put one a line into stocks.txt in ${dataDir}, or say --tickers AAPL,MSFT; --all-tickers writes a series for ` +
      'every ticker, --archive-only none.',
  );
}

async function openLog(settings: Settings, world: World): Promise<LogFile | undefined> {
  const file = settings.text('logFile');
  const level = settings.text('logLevel') ?? 'info';
  if (!isLogLevel(level))
    throw new UsageError(`--log-level ${level} is not known: give ${LOG_LEVELS.join(', ')}.`);
  return file === undefined ? undefined : openLogFile(path.resolve(world.cwd, file), level);
}

function isLogLevel(text: string): text is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(text);
}

function reporterOf(settings: Settings, world: World, json: boolean): Reporter {
  const quiet = settings.switch('quiet', false);
  const live = !json && !quiet && world.liveTerminal && settings.switch('progress', true);
  const form = quiet ? 'quiet' : json ? 'ndjson' : 'lines';
  return newReporter({ form, live, write: world.stderr, columns: world.columns, clock: world.clock });
}
