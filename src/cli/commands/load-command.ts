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
import { loadPlanText, loadText, restLoadText, restPlanText } from '#cli/output/load-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { withDatabase } from '#cli/run/database.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { loadTalk } from '#cli/run/load-talk.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { TABLES } from '#market/tables/all.js';
import type { TableType } from '#market/tables/table-type.js';
import { isTickerOf, withoutPrefix } from '#market/tickers/of-dataset.js';
import type { Only } from '#store/database/loads.js';
import type { DatabaseTarget } from '#store/database/target.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import { heldTables } from '#store/tables/layout.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { type LoadRequest, loadDataset, planDataset, withWorkshop } from '#tasks/load/load.js';
import { loadRestTable, planRestTable, type RestRequest } from '#tasks/load/rest-table.js';

export function loadCommand(invocation: Invocation): Promise<number> {
  return reported('load', invocation, () => load(invocation));
}

async function load(invocation: Invocation): Promise<CommandResult> {
  const { environment } = invocation;
  const { flags, types } = dividedNames(invocation.flags);
  const context = await commandContext({ flags, environment }, 'anywhere');
  const options = loadOptions(flags, context.settings);
  const target = loadTarget(context.settings, environment.cwd);
  refuseOwnPlace(target, context.layout);
  const work = workOf(flags, types, context, options);
  const { layout, now } = context;
  return withDataFolder({ layout, access: 'read', command: 'load', now }, (folder) =>
    (flags['dryRun'] === true ? planned : loaded)({ work, folder, target, options, context }, invocation),
  );
}

/** What is loaded one after another. */
type Work = LoadRequest | RestRequest;

interface Load {
  readonly work: readonly Work[];
  readonly folder: DataFolder;
  readonly target: DatabaseTarget;
  readonly options: LoadOptions;
  readonly context: CommandContext;
}

function planned(
  { work, folder, target, options, context }: Load,
  invocation: Invocation,
): Promise<CommandResult> {
  const { environment } = invocation;
  const isThere = target.kind === 'postgres' || existsSync(target.file);
  const { layout } = context;
  return withDatabase(target, isThere ? 'read' : undefined, environment, (database) =>
    withReader(lakeTools('load', context, invocation), (duck) =>
      oneAfterAnother(
        work,
        async (one) => {
          if ('type' in one) {
            const plan = await planRestTable(one, layout, await duck(), database);
            return { exitCode: 0, ...restPlanText(one, plan, target.shown) };
          }
          const plan = await planDataset(one, folder, database);
          return { exitCode: 0, ...loadPlanText(one, plan, options.batchRows, target.shown) };
        },
        environment,
        { dry_run: true, database: target.shown },
      ),
    ),
  );
}

function loaded(
  { work, folder, target, options, context }: Load,
  invocation: Invocation,
): Promise<CommandResult> {
  const { environment } = invocation;
  const talk = loadTalk(context, environment);
  const { memoryBytes, threads } = lakeTools('load', context, invocation);
  return withDatabase(target, 'write', environment, (database) =>
    withWorkshop({ temporary: os.tmpdir(), memoryBytes, threads }, (workshop) => {
      const tools = { database, batchRows: options.batchRows, signal: environment.signal, hear: talk.hear };
      return oneAfterAnother(
        work,
        async (one) => {
          environment.signal.throwIfAborted();
          if ('type' in one) {
            const again = options.mode === 'replace';
            const result = await loadRestTable(one, context.layout, workshop, database, again);
            return {
              exitCode: 0,
              text: restLoadText(result, target.shown),
              document: { datasets: [result] },
            };
          }
          const result = await loadDataset(one, folder, workshop, tools).finally(talk.end);
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

interface Names {
  /** -t without the tables of the REST API. */
  readonly flags: Invocation['flags'];
  /** Undefined: all that are here. */
  readonly types: readonly TableType[] | undefined;
}

/** -t names datasets and tables of the REST API alike. */
function dividedNames(flags: Invocation['flags']): Names {
  const given = flags['dataset'];
  if (given === undefined || given === 'all') return { flags, types: undefined };
  const names = String(given)
    .split(',')
    .map((name) => name.trim());
  const types = names.flatMap((name) => TABLES.get(name) ?? []);
  const rest = names.filter((name) => !TABLES.has(name)).join(',');
  const { dataset: _, ...others } = flags;
  return { flags: rest === '' && types.length > 0 ? others : { ...flags, dataset: rest }, types };
}

/** Throws UsageError. */
function workOf(
  flags: Invocation['flags'],
  types: readonly TableType[] | undefined,
  context: CommandContext,
  options: LoadOptions,
): readonly Work[] {
  const isNamed = flags['tickers'] !== undefined || flags['underlying'] !== undefined;
  const [first] = types ?? [];
  if (isNamed && first !== undefined)
    throw new UsageError(`--tickers is for datasets: ${first.name} is loaded whole.`);
  const here = heldTables(context.layout);
  const lacking = types?.find(({ name }) => !here.includes(name));
  if (lacking !== undefined)
    throw new UsageError(
      `There is no table ${lacking.name} here yet: barloom fetch ${lacking.name} fetches it.`,
    );
  const onlyTables = flags['dataset'] === undefined && first !== undefined;
  const datasets = onlyTables ? [] : requestsOf(flags, context, options);
  const chosen = types ?? (isNamed ? [] : here.flatMap((name) => TABLES.get(name) ?? []));
  const all = [...datasets, ...chosen.map((type) => ({ type, into: type.name }))];
  if (flags['table'] === undefined) return all;
  if (all.length > 1) throw new UsageError('--table names one table: give one -t with it.');
  return all.map((one) => ({ ...one, into: tableOption(flags['table'], one.into) }));
}

function requestsOf(
  flags: Invocation['flags'],
  context: CommandContext,
  options: LoadOptions,
): readonly LoadRequest[] {
  const datasets = heldDatasets(context, flags, 'archive');
  const isNamed = flags['tickers'] !== undefined || flags['underlying'] !== undefined;
  const tickers = isNamed ? namedTickers(flags, datasets) : [];
  return datasets
    .filter((dataset) => !isNamed || tickers.some((ticker) => isTickerOf(dataset, ticker)))
    .map((dataset) => ({
      ...options,
      dataset,
      range: openRange(flags, dataset, context.now),
      only: isNamed ? onlyOf(dataset, tickers) : undefined,
      into: tableOption(undefined, dataset.name.replaceAll(/\W/g, '_')),
    }));
}

function onlyOf(dataset: Dataset, tickers: readonly string[]): Only {
  const own = tickers.filter((ticker) => isTickerOf(dataset, ticker));
  return dataset.series.of === 'underlying'
    ? { column: 'underlying', values: own.map(withoutPrefix) }
    : { column: 'symbol', values: own };
}
