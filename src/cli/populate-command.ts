/** `barloom populate`: options into one call of the core, its events to whoever listens, its result to stdout. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { resolveRange } from '../calendar/range.js';
import type { Replacement } from '../disk/durable.js';
import type { PopulateRequest } from '../populate/request.js';
import type { Wanted } from '../populate/wanted.js';
import { summaryText } from '../report/summary-text.js';
import { readAllTracked } from '../tickers/all-tracked.js';
import { defaultListNames } from '../tickers/lists.js';
import { renderTracked, trackedPath } from '../tickers/tracked.js';
import { type CommandContext, commandContext, oneDataset } from './context.js';
import type { Invocation } from './invocation.js';
import { populateRun } from './populate-run.js';
import { rangeContext, rangeFlags } from './range-flags.js';
import { type CommandResult, reported } from './reported.js';
import { UsageError } from './usage-error.js';
import { openWire } from './wire.js';

export function populateCommand(invocation: Invocation): Promise<number> {
  return reported('populate', invocation, () => populateWith(invocation));
}

async function populateWith({ flags, world }: Invocation): Promise<CommandResult> {
  checkConflicts(flags);
  const begun = world.clock();
  const context = await commandContext({ flags, world });
  const { settings, layout, now } = context;
  const dataset = oneDataset(context);
  const range = resolveRange(rangeFlags(flags), rangeContext(dataset, now));
  const wire = await openWire(context, { flags, world });
  const tickers = await tickersOf(flags, context, world.cwd);
  // An empty folder cannot be served without the network: say so before anything is made.
  if (
    wire.lackingKeys !== undefined &&
    !existsSync(path.join(layout.dataDir, 'progress.json')) &&
    !existsSync(layout.archiveDir)
  ) {
    throw wire.lackingKeys;
  }
  const request: PopulateRequest = {
    dataset,
    layout,
    range,
    wanted: tickers.wanted,
    wishes: {
      archive: settings.switch('saveOthers', true),
      series: flags['archiveOnly'] !== true,
      force: flags['force'] === true,
    },
    recheck: flags['recheck'] === true,
    dryRun: flags['dryRun'] === true,
    concurrency: wire.concurrency,
    workers: settings.count('workers', Math.min(4, world.parallelism)),
    adoptSource: flags['adoptSource'] === true,
    breakLock: flags['breakLock'] === true,
    underLock: () => tickersOf(flags, context, world.cwd),
  };
  const result = await populateRun(request, { context, wire, world });
  return {
    exitCode: result.exitCode,
    message: result.message,
    text: summaryText({
      summary: result.summary,
      calendar: dataset.calendar,
      seconds: (world.clock() - begun) / 1000,
      exitCode: result.exitCode,
      dryRun: request.dryRun,
      archive: request.wishes.archive,
      series: request.wishes.series,
    }),
    document: { ...(request.dryRun ? { dry_run: true } : {}), datasets: [result.summary] },
  };
}

function checkConflicts(flags: Readonly<Record<string, unknown>>): void {
  if (flags['archiveOnly'] === true && flags['allTickers'] === true)
    throw new UsageError('Give only one of --archive-only and --all-tickers.');
  if (flags['archiveOnly'] === true && flags['saveOthers'] === false) {
    throw new UsageError('--archive-only and --no-save-others together leave nothing to do: give only one.');
  }
}

interface Tickers {
  readonly wanted: Wanted;
  /** So that they are tracked from now on. */
  readonly write: readonly Replacement[];
}

async function tickersOf(
  flags: Readonly<Record<string, unknown>>,
  { settings, layout, sandbox }: CommandContext,
  cwd: string,
): Promise<Tickers> {
  const { dataDir } = layout;
  const all = await readAllTracked(dataDir, settings.texts('tickerFiles'), cwd);
  const added =
    flags['tickers'] === undefined
      ? []
      : String(flags['tickers'])
          .split(',')
          .map((ticker) => ticker.trim())
          .filter(Boolean);
  const text = renderTracked(all.tracked.text, added);
  const write: Replacement[] =
    text === (all.tracked.text ?? '') ? [] : [{ file: trackedPath(dataDir), content: text }];
  const wanted = [...new Set([...all.tickers, ...added])];
  if (flags['allTickers'] === true) return { wanted: '*', write };
  if (wanted.length > 0 || flags['archiveOnly'] === true) return { wanted, write };
  if (sandbox && all.lists.length === 0) {
    const { SANDBOX_TICKERS } = await import('../sandbox/ticker-list.js');
    const content = `# The sandbox's own list; edit it, or replace it by yours.\n${SANDBOX_TICKERS.join('\n')}\n`;
    const file = path.join(dataDir, defaultListNames[0] ?? 'stocks.txt');
    return { wanted: SANDBOX_TICKERS, write: [{ file, content }] };
  }
  throw new UsageError(
    `No tickers: put one a line into stocks.txt in ${dataDir}, or say --tickers AAPL,MSFT; --all-tickers writes a series for ` +
      'every ticker, --archive-only none.',
  );
}
