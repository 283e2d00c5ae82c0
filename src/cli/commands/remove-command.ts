/** `barloom remove`: tickers that are tracked no longer; with --delete, their series go too. */

import { confirm } from '#cli/confirm.js';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { operandTickers } from '#cli/options/operand-tickers.js';
import { trackedTickers } from '#cli/options/tracked-tickers.js';
import { count, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { meantText } from '#cli/output/unknown-text.js';
import { commandContext, oneDataset, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { nearestTickers } from '#market/tickers/near.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import { type AllTracked, filesOfTickers } from '#store/lists/all-tracked.js';
import { renderUntracked, trackedFileName, trackedPath } from '#store/lists/tracked.js';
import { stopCode } from '#tasks/exit-code.js';
import { removeTickers, type SeriesFile, seriesFilesOf } from '#tasks/series/remove.js';

export function removeCommand(invocation: Invocation): Promise<number> {
  return reported('remove', invocation, () => remove(invocation));
}

async function remove(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const dataset = oneDataset(context);
  const tickers = await operandTickers(invocation, dataset);
  if (tickers.length === 0) throw new UsageError('Say which tickers: barloom remove NVDA.');
  requireData(context);
  const { layout, now } = context;
  const open = { layout, access: 'write', command: 'remove', now, ...lockChoice(invocation) } as const;
  return withDataFolder(open, async (folder) => {
    const all = await trackedTickers(dataset, context, environment);
    const files = flags['delete'] === true ? await seriesFilesOf(folder, dataset, tickers) : [];
    refuse(tickers, files, all);
    if (files.length > 0) {
      environment.stderr(`${aboutFiles(files)}\n`);
      if (!(await confirm('Delete them?', flags, environment)))
        return { exitCode: stopCode(environment), text: 'Nothing was removed.\n' };
    }
    await carryOut(folder, { dataset, tickers, files, all });
    return {
      exitCode: 0,
      text: `${resultText(tickers, files, all)}\n`,
      document: {
        datasets: [
          {
            dataset: dataset.name,
            removed: tickers.filter((ticker) => all.tracked.tickers.includes(ticker)),
            deleted: files,
          },
        ],
      },
    };
  });
}

/** Throws UsageError where a ticker is not tracked, or stands in a list of the user's. */
function refuse(tickers: readonly string[], files: readonly SeriesFile[], all: AllTracked): void {
  const tracked = new Set(all.tracked.tickers);
  const deleted = new Set(files.map(({ ticker }) => ticker));
  const listed = filesOfTickers(all);
  for (const ticker of tickers) {
    const lists = (listed.get(ticker) ?? []).filter((file) => file !== trackedFileName);
    if (lists.length > 0)
      throw new UsageError(
        `${safeText(ticker)} stands in ${lists.join(' and ')}, which barloom only reads: take it out there. Nothing was removed.`,
      );
    if (tracked.has(ticker) || deleted.has(ticker)) continue;
    const meant = meantText(ticker, nearestTickers(ticker, all.tickers));
    throw new UsageError(`${safeText(ticker)} is not tracked.${meant} Nothing was removed.`);
  }
}

interface Removal {
  readonly dataset: Dataset;
  readonly tickers: readonly string[];
  /** Series that go too. */
  readonly files: readonly SeriesFile[];
  readonly all: AllTracked;
}

async function carryOut(folder: DataFolder, { dataset, tickers, files, all }: Removal): Promise<void> {
  const before = all.tracked.text ?? '';
  const content = renderUntracked(before, new Set(tickers));
  const file = trackedPath(folder.layout.dataDir);
  await removeTickers(folder, dataset, content === before ? undefined : { file, content }, files);
}

function aboutFiles(files: readonly SeriesFile[]): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const only = files.reduce((sum, file) => sum + file.only_here, 0);
  const names = files.slice(0, 5).map(({ ticker }) => safeText(ticker));
  const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
  const lost =
    only === 0
      ? 'The archive holds all of their days.'
      : `${counted(only, 'row')} of them ${only === 1 ? 'is' : 'are'} of days that the archive does not hold, and cannot be made again.`;
  return `${counted(files.length, 'series', 'series')} (${names.join(', ')}${more}) with ${counted(rows, 'row')}. ${lost}`;
}

function resultText(
  tickers: readonly string[],
  files: readonly SeriesFile[],
  { tracked }: AllTracked,
): string {
  const gone = new Set(tickers);
  const removed = tracked.tickers.filter((ticker) => gone.has(ticker));
  const parts = [
    removed.length === 0
      ? `${trackedFileName} stays as it is`
      : `${counted(removed.length, 'ticker')} taken out of ${trackedFileName}`,
    files.length === 0 ? 'their series stay' : `${count(files.length)} series deleted`,
  ];
  return `${parts.join('; ')}.`;
}
