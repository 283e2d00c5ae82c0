/**
 * `barloom populate`: options into one call of the core a dataset, its events to whoever listens, its result
 * to stdout.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { namedTickers } from '#cli/options/named-tickers.js';
import { rangeFlags, rangeIn } from '#cli/options/range-flags.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { summaryText } from '#cli/output/summary-text.js';
import { openConnection } from '#cli/run/connection.js';
import { type CommandContext, commandContext, toDownload } from '#cli/run/context.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { populateRequest } from '#cli/run/populate-request.js';
import { populateRun } from '#cli/run/populate-run.js';
import { type DatasetResult, oneAfterAnother } from '#cli/run/several-datasets.js';
import { UsageError } from '#cli/usage-error.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { PopulateRequest } from '#ingest/run/request.js';
import type { ResolvedRange } from '#market/calendar/range.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isTickerOf } from '#market/tickers/of-dataset.js';
import type { Replacement } from '#platform/disk/durable.js';
import { readAllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { BarrenListError } from '#store/lists/barren-list-error.js';
import { defaultListNames } from '#store/lists/lists.js';
import { renderTracked, trackedPath } from '#store/lists/tracked.js';

export function populateCommand(invocation: Invocation): Promise<number> {
  return reported('populate', invocation, () => keepingAdjusted(invocation, () => populateWith(invocation)));
}

/** The result alone, for commands that do more. */
export async function populateWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  checkConflicts(flags);
  const context = await commandContext({ flags, environment });
  const datasets = toDownload(context, environment);
  const ranges = datasets.map((dataset) => rangeOf(flags, dataset, context));
  const asked: Asked[] = [];
  for (const one of ranges)
    asked.push({ ...one, tickers: await tickersOf(flags, one.dataset, context, environment.cwd) });
  return oneAfterAnother(
    asked,
    (one) => populateOne(one, context, invocation),
    environment,
    flags['dryRun'] === true ? { dry_run: true } : {},
  );
}

async function populateOne(
  { dataset, range, notes, tickers }: Asked,
  context: CommandContext,
  { flags, environment }: Invocation,
): Promise<DatasetResult> {
  const begun = environment.clock();
  const { settings, layout } = context;
  const connection = await openConnection(context, { flags, environment });
  // An empty folder cannot be served without the network: say so before anything is made.
  if (
    connection.missingKeys !== undefined &&
    !existsSync(path.join(layout.dataDir, 'progress.json')) &&
    !existsSync(layout.archiveDir)
  ) {
    throw connection.missingKeys;
  }
  const tools = { context, connection, environment, notes };
  const request = populateRequest(
    {
      dataset,
      range,
      wanted: tickers.wanted,
      lists: tickers.lists,
      wishes: {
        archive: settings.switch('saveOthers', true),
        series: flags['archiveOnly'] !== true && dataset.untracked !== 'none',
        force: flags['force'] === true,
      },
      recheck: flags['recheck'] === true,
      dryRun: flags['dryRun'] === true,
      underLock: () => tickersOf(flags, dataset, context, environment.cwd),
    },
    flags,
    tools,
  );
  const { exitCode, message, summary, failure } = await populateRun(request, tools);
  return {
    exitCode,
    message,
    stopped: failure !== undefined,
    text: summaryText({
      summary,
      calendar: dataset.calendar,
      seconds: (environment.clock() - begun) / 1000,
      exitCode,
      dryRun: request.dryRun,
      archive: request.wishes.archive,
      series: request.wishes.series,
    }),
    document: { datasets: [summary] },
  };
}

interface Asked {
  readonly dataset: Dataset;
  readonly range: ResolvedRange;
  readonly notes: readonly string[];
  readonly tickers: Tickers;
}

/** Of several datasets each begins where it can. Throws UsageError and RangeOptionsError. */
function rangeOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  context: CommandContext,
): Omit<Asked, 'tickers'> {
  const range = rangeIn(rangeFlags(flags), dataset, context);
  const notes = range.clamped ? [`${dataset.name} begins on ${dataset.firstDay}, its first day`] : [];
  return { dataset, range, notes };
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
  readonly lists: NonNullable<PopulateRequest['lists']>;
  /** So that they are tracked from now on. */
  readonly write: readonly Replacement[];
}

async function tickersOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  context: CommandContext,
  cwd: string,
): Promise<Tickers> {
  const { settings, layout, sandbox, datasets } = context;
  const { dataDir } = layout;
  const everybodys = await readAllTracked(dataDir, settings.texts('tickerFiles'), cwd);
  const all = trackedIn(dataset, everybodys);
  const added = namedTickers(flags, datasets).filter((ticker) => isTickerOf(dataset, ticker));
  const text = renderTracked(everybodys.tracked.text, added);
  const write: Replacement[] =
    text === (everybodys.tracked.text ?? '') ? [] : [{ file: trackedPath(dataDir), content: text }];
  const wanted = [...new Set([...all.tickers, ...added])];
  const own = { file: '--tickers', tickers: added, barren: undefined };
  const lists = [...all.lists, own];
  if (flags['allTickers'] === true) return { wanted: '*', lists, write };
  if (wanted.length > 0 || flags['archiveOnly'] === true) return { wanted, lists, write };
  if (dataset.untracked === 'none') return { wanted: [], lists: [], write };
  if (dataset.untracked === 'every') return { wanted: '*', lists, write };
  const [barren] = all.lists.filter((list) => list.barren !== undefined);
  if (barren !== undefined) throw new BarrenListError(barren);
  if (dataset.series.of === 'underlying')
    throw new UsageError(
      `No underlyings: say --underlying SPY,AAPL for ${dataset.name}; --all-tickers writes a series for every one, --archive-only none.`,
    );
  if (sandbox && all.lists.length === 0) {
    const { SANDBOX_TICKERS } = await import('#sandbox/market/ticker-list.js');
    const content = `# The sandbox's own list; edit it, or replace it by yours.\n${SANDBOX_TICKERS.join('\n')}\n`;
    const file = path.join(dataDir, defaultListNames[0] ?? 'stocks.txt');
    return { wanted: SANDBOX_TICKERS, lists, write: [{ file, content }] };
  }
  throw new UsageError(
    `No tickers: put one a line into stocks.txt in ${dataDir}, or say --tickers AAPL,MSFT; --all-tickers writes a series for ` +
      'every ticker, --archive-only none.',
  );
}
