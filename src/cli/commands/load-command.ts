/** `barloom load`: datasets' days of the archive into tables of a database, only those that are lacking. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import type { Invocation } from '#cli/invocation.js';
import { heldDatasets } from '#cli/options/held-datasets.js';
import {
  type LoadOptions,
  loadOptions,
  loadTarget,
  refuseOwnPlace,
  tableOption,
} from '#cli/options/load-options.js';
import { namedTickers } from '#cli/options/named-tickers.js';
import { openRange } from '#cli/options/open-range.js';
import { loadPlanText, loadText } from '#cli/output/load-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { withDatabase } from '#cli/run/database.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { loadTalk } from '#cli/run/load-talk.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isTickerOf, withoutPrefix } from '#market/tickers/of-dataset.js';
import type { Only } from '#store/database/loads.js';
import type { DatabaseTarget } from '#store/database/target.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { type LoadRequest, loadDataset, planDataset, withWorkshop } from '#tasks/load/load.js';

export function loadCommand(invocation: Invocation): Promise<number> {
  return reported('load', invocation, () => load(invocation));
}

async function load(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation);
  const options = loadOptions(flags, context.settings);
  const target = loadTarget(context.settings, environment.cwd);
  refuseOwnPlace(target, context.layout);
  const requests = requestsOf(flags, context, options);
  const { layout, now } = context;
  const work = flags['dryRun'] === true ? planned : loaded;
  return withDataFolder({ layout, access: 'read', command: 'load', now }, (folder) =>
    work({ requests, folder, target, options, context }, invocation),
  );
}

interface Work {
  readonly requests: readonly LoadRequest[];
  readonly folder: DataFolder;
  readonly target: DatabaseTarget;
  readonly options: LoadOptions;
  readonly context: CommandContext;
}

function planned(
  { requests, folder, target, options }: Work,
  { environment }: Invocation,
): Promise<CommandResult> {
  const isThere = target.kind === 'postgres' || existsSync(target.file);
  return withDatabase(target, isThere ? 'read' : undefined, environment, (database) =>
    oneAfterAnother(
      requests,
      async (request) => {
        const plan = await planDataset(request, folder, database);
        return { exitCode: 0, ...loadPlanText(request, plan, options.batchRows, target.shown) };
      },
      environment,
      { dry_run: true, database: target.shown },
    ),
  );
}

function loaded(
  { requests, folder, target, options, context }: Work,
  invocation: Invocation,
): Promise<CommandResult> {
  const { environment } = invocation;
  const talk = loadTalk(context, environment);
  const { memoryBytes, threads } = lakeTools('load', context, invocation);
  return withDatabase(target, 'write', environment, (database) =>
    withWorkshop({ temporary: os.tmpdir(), memoryBytes, threads }, (workshop) => {
      const tools = { database, batchRows: options.batchRows, signal: environment.signal, hear: talk.hear };
      return oneAfterAnother(
        requests,
        async (request) => {
          const result = await loadDataset(request, folder, workshop, tools).finally(talk.end);
          return {
            exitCode: exitCodeOf({ incomplete: result.failed.length > 0 }),
            text: loadText(result, target.shown),
            document: { datasets: [result] },
          };
        },
        environment,
        { database: target.shown },
      );
    }),
  );
}

function requestsOf(
  flags: Invocation['flags'],
  context: CommandContext,
  options: LoadOptions,
): readonly LoadRequest[] {
  const datasets = heldDatasets(context, flags, 'archive');
  const isNamed = flags['tickers'] !== undefined || flags['underlying'] !== undefined;
  const tickers = isNamed ? namedTickers(flags, datasets) : [];
  const chosen = datasets.filter(
    (dataset) => !isNamed || tickers.some((ticker) => isTickerOf(dataset, ticker)),
  );
  if (flags['table'] !== undefined && chosen.length > 1)
    throw new UsageError('--table names one table: give one -t with it.');
  return chosen.map((dataset) => ({
    ...options,
    dataset,
    range: openRange(flags, dataset, context.now),
    only: isNamed ? onlyOf(dataset, tickers) : undefined,
    into: tableOption(flags['table'], dataset.name.replaceAll(/\W/g, '_')),
  }));
}

function onlyOf(dataset: Dataset, tickers: readonly string[]): Only {
  const own = tickers.filter((ticker) => isTickerOf(dataset, ticker));
  return dataset.series.of === 'underlying'
    ? { column: 'underlying', values: own.map(withoutPrefix) }
    : { column: 'symbol', values: own };
}
