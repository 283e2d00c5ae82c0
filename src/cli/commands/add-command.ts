/**
 * `barloom add`: tracks tickers and writes their series out of the archive; with --fetch, the days that it
 * has not too.
 */

import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { operandTickers } from '#cli/options/operand-tickers.js';
import { type Near, suggestions, unknownDocument } from '#cli/options/suggestions.js';
import { withPatterns } from '#cli/options/ticker-patterns.js';
import { trackedTickers, trackedUnderLock } from '#cli/options/tracked-tickers.js';
import { addText } from '#cli/output/add-text.js';
import { againText } from '#cli/output/again-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { weekliesTexts } from '#cli/output/weeklies-text.js';
import {
  type CommandContext,
  commandContext,
  oneDataset,
  requireData,
  requireSeries,
} from '#cli/run/context.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { workersOf } from '#cli/settings/workers.js';
import { UsageError } from '#cli/usage-error.js';
import { tradedWeeklies } from '#ingest/day/traded-weeklies.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isLineADay } from '#market/datasets/series-form.js';
import { withDataFolder } from '#store/folder/open.js';
import { acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import type { AllTracked } from '#store/lists/all-tracked.js';
import { renderTracked, trackedFileName, trackedPath } from '#store/lists/tracked.js';
import { keepsArchive } from '#tasks/coverage/kept.js';
import { EXIT } from '#tasks/exit-code.js';
import type { DatasetSummary } from '#tasks/populate/summary.js';
import type { AddResult } from '#tasks/series/add.js';
import { addTickers } from '#tasks/series/add.js';

export function addCommand(invocation: Invocation): Promise<number> {
  return reported('add', invocation, () => keepingAdjusted(invocation, () => add(invocation)));
}

async function add(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const begun = environment.clock();
  const locks = lockChoice(invocation);
  const context = await commandContext(invocation, 'anywhere');
  const dataset = oneDataset(context);
  requireSeries(dataset);
  const named = await operandTickers(invocation, dataset);
  if (named.length === 0) {
    // Tickers behind --ticker-files are taken for lists, and said to be none.
    if (flags['tickerFiles'] !== undefined) await trackedTickers(dataset, context, environment);
    throw new UsageError('Say which tickers: barloom add NVDA BRK.B, or --file watchlist.csv.');
  }
  requireData(context);
  const tickers = await withPatterns(named, dataset, context);
  const { layout, now, settings, adoptSource } = context;
  const range = await rangeOf(flags, dataset, now);
  const tracked = () => trackedTickers(dataset, context, environment);
  // What is wrong with a list is reported before anything is locked or made.
  let all = await tracked();
  let weeklies: Readonly<Record<string, string>> = {};
  environment.onStop((signal) => {
    environment.stderr(`${signal}: ending; run the same command again to go on, ${againText(signal)}\n`);
  });
  const accepted = acceptedOf(await readAccepted(layout.dataDir), dataset.name);
  const result = await withDataFolder(
    { layout, access: 'write', command: 'add', now, ...locks, adoptSource },
    async (folder) => {
      for (const warning of folder.progress.warnings) environment.stderr(`barloom: ${safeText(warning)}\n`);
      // As they are under the lock: whoever held it a moment ago may have tracked other tickers.
      all = await tracked();
      const archive = folder.archive(dataset);
      if (dataset.series.of === 'underlying')
        weeklies = tradedWeeklies([...all.tickers, ...tickers], archive.days().toReversed(), archive);
      return addTickers(
        folder,
        {
          dataset,
          tickers,
          tracked: new Set(all.tickers),
          range,
          track: (found) => trackedFile(layout.dataDir, all, found),
        },
        {
          now,
          signal: environment.signal,
          emit: (note) => environment.stderr(`${safeText(note)}\n`),
          accepted,
          workers: workersOf(settings, environment),
        },
      );
    },
    'keep',
  );
  const near = await suggestions(context, dataset, result.unknown, all.tickers);
  const fetched =
    flags['fetch'] === true && result.tickers.length > 0
      ? await fetchMissing({ result, dataset, tracked: all.tickers }, context, invocation)
      : undefined;
  const exitCode = fetched?.exitCode || exitCodeOf(result, range !== undefined, fetched !== undefined);
  return {
    exitCode,
    message: fetched?.message,
    text: addText({
      result,
      near,
      weeklies: weekliesTexts(weeklies, dataset.name),
      fetched: fetched?.summary,
      seconds: (environment.clock() - begun) / 1000,
      trackedFile: path.join(layout.dataDir, trackedFileName),
      archiveDir: layout.archiveDir,
      unit: isLineADay(dataset.series) ? 'bar' : 'day',
    }),
    document: { datasets: [documentOf(dataset, result, near, fetched?.summary)] },
  };
}

/** What was asked for and is not there: an unknown ticker is a slip (2), a missing or damaged day is 3. */
function exitCodeOf(result: AddResult, rangeGiven: boolean, fetched: boolean): number {
  if (result.unknown.length > 0) return EXIT.usage;
  const open = result.missing.filter(({ accepted }) => accepted === undefined);
  const incomplete =
    result.days.archived === 0 || result.damaged.length > 0 || (rangeGiven && open.length > 0);
  return incomplete && !fetched ? EXIT.incomplete : EXIT.ok;
}

async function rangeOf(
  flags: Invocation['flags'],
  dataset: Dataset,
  now: Date,
): Promise<{ readonly start: IsoDay | undefined; readonly end: IsoDay } | undefined> {
  if (flags['start'] === undefined && flags['end'] === undefined) return undefined;
  const { resolveRange } = await import('#market/calendar/range.js');
  const { rangeContext, rangeFlags } = await import('#cli/options/range-flags.js');
  const given = rangeFlags(flags);
  const { start, end } = resolveRange(
    { ...given, start: given.start ?? dataset.firstDay },
    rangeContext(dataset, now),
  );
  return { start: given.start === undefined ? undefined : start, end };
}

function trackedFile(
  dataDir: string,
  all: AllTracked,
  found: readonly string[],
): { readonly file: string; readonly content: string } | undefined {
  const listed = new Set(all.tickers);
  const content = renderTracked(
    all.tracked.text,
    found.filter((ticker) => !listed.has(ticker)),
  );
  return content === (all.tracked.text ?? '') ? undefined : { file: trackedPath(dataDir), content };
}

interface Here {
  /** Whether the folder keeps an archive, as far as it shows. */
  readonly keeps: boolean;
  /**
   * Days that are here and not in every tracked ticker's series: what an `add --fetch` that was cut off
   * leaves.
   */
  readonly unfilled: readonly IsoDay[];
}

async function lookHere(
  { layout, now, adoptSource }: CommandContext,
  dataset: Dataset,
  range: NonNullable<AddResult['range']>,
  tickers: readonly string[],
): Promise<Here> {
  const { findGaps } = await import('#tasks/gaps/find-gaps.js');
  const { unfilledDays } = await import('#tasks/gaps/backfill-days.js');
  return withDataFolder({ layout, access: 'read', command: 'add', now, adoptSource }, async (folder) => {
    const archived = folder.archive(dataset).days();
    const found = await findGaps(folder, { dataset, range, tickers, accepted: new Map(), now });
    const unfilled = new Set(unfilledDays(found.tickers));
    return {
      keeps: keepsArchive(folder.known(dataset), archived),
      unfilled: archived.filter((day) => unfilled.has(day)),
    };
  });
}

async function fetchMissing(
  {
    result,
    dataset,
    tracked,
  }: { readonly result: AddResult; readonly dataset: Dataset; readonly tracked: readonly string[] },
  context: CommandContext,
  { flags, environment }: Invocation,
): Promise<{ exitCode: number; message: string | undefined; summary: DatasetSummary } | undefined> {
  if (result.range === undefined) return undefined;
  const { keeps, unfilled } = await lookHere(context, dataset, result.range, tracked);
  const missing = [...result.missing, ...result.damaged].map(({ day }) => day);
  const days = [...new Set([...missing, ...unfilled])].sort();
  const [start, end] = [days[0], days.at(-1)];
  if (start === undefined || end === undefined) return undefined;
  const { openConnection } = await import('#cli/run/connection.js');
  const { populateRequest } = await import('#cli/run/populate-request.js');
  const { populateRun } = await import('#cli/run/populate-run.js');
  const connection = await openConnection(context, { flags, environment });
  const added = result.tickers.map(({ ticker }) => ticker);
  const wanted = [...new Set([...tracked, ...added])];
  const tools = { context, connection, environment };
  const request = populateRequest(
    {
      command: 'add',
      dataset,
      range: { start, end },
      only: new Set(days),
      wanted,
      wishes: { archive: context.settings.switch('saveOthers', keeps), series: true, force: false },
      underLock: trackedUnderLock(dataset, 'tracked', context, environment),
    },
    flags,
    tools,
  );
  return populateRun(request, tools);
}

function documentOf(
  dataset: Dataset,
  result: AddResult,
  near: Near,
  fetched: DatasetSummary | undefined,
): Readonly<Record<string, unknown>> {
  return {
    dataset: dataset.name,
    range: result.range ?? null,
    days: result.days,
    tickers: result.tickers,
    unknown: unknownDocument(result.unknown, near),
    lacking: result.missing.map(({ day, state, reason, accepted }) => ({
      day,
      state,
      reason,
      ...(accepted === undefined ? {} : { accepted }),
    })),
    damaged: result.damaged,
    ticker_days: result.ticker_days,
    ...(fetched === undefined ? {} : { fetched }),
  };
}
