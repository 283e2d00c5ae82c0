/** `barloom qlib export`: the lake's day bars as a data folder of Qlib's. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { ownPlace } from '#cli/options/own-files.js';
import { row } from '#cli/output/paragraph.js';
import { count, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type CommandContext, commandContext, oneDataset, requireData } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { ADJUSTMENTS, type Adjustment } from '#market/adjust/adjusted-bar.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isBarADay } from '#market/datasets/series-form.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { ratios as allRatios } from '#market/ratios/ratios.js';
import { tickerIn } from '#market/tickers/of-dataset.js';
import { goldFolder } from '#store/lake/layout.js';
import { parseTickerList } from '#store/lists/list-file.js';
import { readTextFile } from '#store/lists/text-file.js';
import { hasActions } from '#tasks/adjust/read-actions.js';
import { withLake } from '#tasks/lake/open-lake.js';
import { exportQlib, type QlibResult } from '#tasks/qlib/export.js';
import { exportRatioFields, type RatioFields } from '#tasks/qlib/ratio-fields.js';
import { hasRatios } from '#tasks/ratios/views.js';

export function qlibCommand(invocation: Invocation): Promise<number> {
  return reported('qlib export', invocation, () => qlibExport(invocation));
}

/** The result alone, for commands that do more. */
export async function qlibExport(invocation: Invocation): Promise<CommandResult> {
  const { args, flags, environment } = invocation;
  if (args[0] !== 'export' || args.length > 2)
    throw new UsageError('barloom qlib export DIR writes a Qlib folder; there is no other word.');
  const context = await commandContext(invocation, 'anywhere');
  requireData(context);
  const dataset = oneDataset(context);
  if (!isBarADay(dataset.series))
    throw new UsageError(
      `${dataset.name} is no dataset of a bar a ticker and day: give stocks_daily, or another of days.`,
    );
  const adjust = adjustOf(flags['adjust'], dataset, context);
  const folder = args[1] === undefined ? goldFolder(context.layout) : path.resolve(environment.cwd, args[1]);
  if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true)
    throw new UsageError(`${folder} is a file: give a folder's name.`);
  const refusal = ownPlace(path.join(folder, 'features'), context.layout);
  if (refusal !== undefined) throw new UsageError(refusal);
  const listFile = flags['tickersFrom'];
  const list =
    listFile === undefined
      ? undefined
      : await readTextFile(path.resolve(environment.cwd, String(listFile)), 'wait');
  if (listFile !== undefined && list === undefined)
    throw new UsageError(`There is no file ${path.resolve(environment.cwd, String(listFile))}.`);
  const tickers =
    list === undefined ? undefined : parseTickerList(list).map((ticker) => tickerIn(dataset, ticker));
  const tools = lakeTools('qlib export', context, invocation);
  const dryRun = flags['dryRun'] === true;
  const names = ratioNames(flags['ratios'], dataset, context);
  const { result, ratios } = await withLake(tools, async (lake) => {
    const result = await exportQlib({ dataset, folder, tickers, adjust, dryRun }, lake, tools);
    const ratios = dryRun ? { names: [], files: 0 } : await exportRatioFields({ folder, names }, lake, tools);
    return { result, ratios };
  });
  return {
    exitCode: 0,
    text: resultText(result, ratios, dryRun),
    document: {
      ...(dryRun ? { dry_run: true } : {}),
      datasets: [{ ...result, ratios: ratios.names, ratio_files: ratios.files }],
    },
  };
}

/** Undefined: those that the folder has. Throws UsageError. */
function ratioNames(
  given: unknown,
  dataset: Dataset,
  { layout }: CommandContext,
): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (given === 'none') return [];
  if (dataset.name !== stocksDaily.name) throw new UsageError(`--ratios is for ${stocksDaily.name}.`);
  const names = [
    ...new Set(
      String(given)
        .split(',')
        .map((name) => name.trim()),
    ),
  ].filter(Boolean);
  const known = new Set(allRatios.map(({ name }) => name));
  const wrong = names.filter((name) => !known.has(name));
  if (names.length === 0 || wrong.length > 0)
    throw new UsageError(
      `--ratios ${wrong.join(',')}: give names of docs/ratios.md, such as return_on_equity,price_to_book, or none.`,
    );
  if (!hasRatios(layout))
    throw new UsageError(`There are no ratios in ${layout.dataDir} yet: run barloom ratios first.`);
  return names;
}

/** Splits where they are known. Throws UsageError for what is not to be had. */
function adjustOf(given: unknown, dataset: Dataset, { layout }: CommandContext): Adjustment | 'none' {
  const isThere = dataset.name === stocksDaily.name && hasActions(layout);
  if (given === undefined) return isThere ? 'splits' : 'none';
  if (given === 'none') return 'none';
  const by = ADJUSTMENTS.find((one) => one === given);
  if (by === undefined)
    throw new UsageError(`--adjust ${String(given)} is not known: give splits, all or none.`);
  if (!isThere)
    throw new UsageError(
      dataset.name === stocksDaily.name
        ? `There are no splits and dividends in ${layout.dataDir} to adjust with: run barloom fetch actions first.`
        : `--adjust is for ${stocksDaily.name}.`,
    );
  return by;
}

const PRICES: Readonly<Record<QlibResult['adjust'], string>> = {
  none: 'prices are raw, factor 1',
  splits: 'prices are adjusted for splits, factor says by what',
  all: 'prices are adjusted for splits and dividends, factor says by what',
};

function resultText(
  { dataset, folder, adjust, plan, days, new_days, symbols, files }: QlibResult,
  ratios: RatioFields,
  dryRun: boolean,
): string {
  const lines =
    plan === 'nothing'
      ? [row('days', `${count(days)} there already; nothing to do`)]
      : dryRun
        ? [
            row(
              'days',
              `${count(days)}, ${count(new_days)} to be ${plan === 'append' ? 'appended' : 'written'}`,
            ),
          ]
        : [
            row('days', `${count(days)}, ${count(new_days)} ${plan === 'append' ? 'appended' : 'written'}`),
            row('symbols', `${counted(symbols, 'symbol')}, ${counted(files, 'file')}; ${PRICES[adjust]}`),
          ];
  const more =
    ratios.names.length === 0
      ? []
      : [row('ratios', `${counted(ratios.names.length, 'field')}, ${counted(ratios.files, 'file')} written`)];
  return `${dataset}\n${[...lines, ...more, row('folder', safeText(folder))].join('\n')}\n`;
}
