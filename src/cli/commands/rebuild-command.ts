/** `barloom rebuild`: the series again, from the archive alone. */

import type { Invocation } from '#cli/invocation.js';
import { datasetsOfFolder } from '#cli/options/held-datasets.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { operandTickers } from '#cli/options/operand-tickers.js';
import { suggestions, unknownDocument } from '#cli/options/suggestions.js';
import { trackedTickers } from '#cli/options/tracked-tickers.js';
import { againText } from '#cli/output/again-text.js';
import { rebuildText } from '#cli/output/rebuild-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { unknownText } from '#cli/output/unknown-text.js';
import { type CommandContext, commandContext, requireSeries } from '#cli/run/context.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { workersOf } from '#cli/settings/workers.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { archiveFolder } from '#store/folder/layout.js';
import { withDataFolder } from '#store/folder/open.js';
import { type RebuildResult, rebuildSeries, tickersWithFile } from '#tasks/series/rebuild.js';

export function rebuildCommand(invocation: Invocation): Promise<number> {
  return reported('rebuild', invocation, () => keepingAdjusted(invocation, () => rebuild(invocation)));
}

async function rebuild(invocation: Invocation): Promise<CommandResult> {
  const { environment } = invocation;
  const context = await commandContext(invocation);
  const datasets = await datasetsToRebuild(context, invocation);
  environment.onStop((signal) => {
    environment.stderr(`${signal}: ending; run the same command again to go on, ${againText(signal)}\n`);
  });
  return oneAfterAnother(datasets, (dataset) => rebuildOne(dataset, context, invocation), environment);
}

/**
 * What is named; else, of what the folder holds, the datasets that have series, and of these the ones of the
 * tickers that are named. Throws UsageError.
 */
async function datasetsToRebuild(
  context: CommandContext,
  { args, flags }: Invocation,
): Promise<readonly Dataset[]> {
  const held = await datasetsOfFolder(context, flags, 'rebuild');
  if (flags['dataset'] !== undefined) return held;
  const named = args.flatMap((arg) => arg.split(','));
  const chosen: Dataset[] = [];
  for (const dataset of held) {
    const files = await tickersWithFile(context, dataset);
    if (named.length === 0 ? files.length > 0 : files.some((ticker) => named.includes(ticker)))
      chosen.push(dataset);
  }
  return chosen.length > 0 ? chosen : held.slice(0, 1);
}

async function rebuildOne(
  dataset: Dataset,
  context: CommandContext,
  invocation: Invocation,
): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const begun = environment.clock();
  requireSeries(dataset);
  const named = await operandTickers(invocation, dataset);
  const all = flags['allTickers'] === true;
  if (all && named.length > 0) throw new UsageError('Give either tickers or --all-tickers.');
  const { layout, now, settings, quiet } = context;
  const tracked = await trackedTickers(dataset, context, environment);
  const live = environment.liveTerminal && !quiet && !context.json;
  let files: ReadonlySet<string> = new Set();
  const result = await withDataFolder(
    { layout, access: 'write', command: 'rebuild', now, ...lockChoice(invocation) },
    async (folder) => {
      for (const warning of folder.progress.warnings) environment.stderr(`barloom: ${safeText(warning)}\n`);
      if (folder.archive(dataset).days().length === 0)
        throw new UsageError(
          `The archive ${archiveFolder(layout, dataset)} holds no day: there is nothing to rebuild from. Run barloom populate first, or say ` +
            'with --archive-dir where it is.',
        );
      files = new Set(await tickersWithFile(folder, dataset));
      const every = all || (dataset.untracked === 'every' && named.length + tracked.tickers.length === 0);
      const tickers = every ? '*' : named.length > 0 ? named : [...new Set([...tracked.tickers, ...files])];
      if (tickers.length === 0)
        throw new UsageError(
          `No ticker of ${dataset.name} is tracked, and there is no series: name tickers, or say --all-tickers.`,
        );
      return rebuildSeries(folder, dataset, tickers, {
        now,
        signal: environment.signal,
        workers: workersOf(settings, environment),
        emit: (note) => environment.stderr(`${safeText(note)}\n`),
        onProgress: (files) => {
          if (live) environment.stderr(`\r\x1b[2K${files} files`);
        },
      });
    },
  );
  if (live) environment.stderr('\r\x1b[2K');
  const unknown = named.filter((ticker) => !result.seen.has(ticker) && !files.has(ticker));
  const near = await suggestions(context, dataset, unknown, tracked.tickers);
  const told = unknownText(unknown, near);
  return {
    exitCode: unknown.length > 0 ? 2 : result.damaged.length > 0 ? 3 : 0,
    text: `${rebuildText(result, (environment.clock() - begun) / 1000)}${told}`,
    document: {
      datasets: [{ ...documentOf(dataset.name, result), unknown: unknownDocument(unknown, near) }],
    },
  };
}

function documentOf(dataset: string, result: RebuildResult): Readonly<Record<string, unknown>> {
  return {
    dataset,
    range: result.days.length === 0 ? null : { start: result.days[0], end: result.days.at(-1) },
    days: result.days.length,
    tickers: result.tickers,
    ticker_days: result.counts,
    damaged: result.damaged,
  };
}
