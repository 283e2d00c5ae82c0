/**
 * `barloom backfill`: fetches exactly what gaps found, here and now, or in a document that it wrote before.
 */

import path from 'node:path';
import { addAbortSignal } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { gapsRangeOf } from '#cli/options/gaps-options.js';
import { datasetsBesideTables } from '#cli/options/held-datasets.js';
import { trackedUnderLock } from '#cli/options/tracked-tickers.js';
import { paragraph } from '#cli/output/paragraph.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { summaryText } from '#cli/output/summary-text.js';
import { openConnection } from '#cli/run/connection.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { populateRequest } from '#cli/run/populate-request.js';
import { populateRun } from '#cli/run/populate-run.js';
import { oneAfterAnother } from '#cli/run/several-datasets.js';
import { UsageError } from '#cli/usage-error.js';
import type { Wanted } from '#ingest/plan/wanted.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { datasets as knownDatasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { readWhole } from '#platform/disk/read-whole.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import { acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import { readAllTracked, trackedIn } from '#store/lists/all-tracked.js';
import type { HoleState } from '#tasks/coverage/cover.js';
import { keepsArchive, wantedIn } from '#tasks/coverage/kept.js';
import { endsTheNight, mostSevere, stoppedCode } from '#tasks/exit-code.js';
import { tableGaps } from '#tasks/fetch/table-gaps.js';
import { BACKFILLED, backfillDays, isHoleState, unfilledDays } from '#tasks/gaps/backfill-days.js';
import { findGaps, gapsRange } from '#tasks/gaps/find-gaps.js';
import { type GapRange, HOLE_STATES } from '#tasks/gaps/gap-ranges.js';
import { readGapsDocument } from '#tasks/gaps/gaps-document.js';
import { trackedOrEvery } from '#tasks/series/tracked-or-every.js';

export function backfillCommand(invocation: Invocation): Promise<number> {
  return reported('backfill', invocation, () => keepingAdjusted(invocation, () => backfillWith(invocation)));
}

async function backfillWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation);
  const { settings, layout } = context;
  const states = statesOf(flags['only']);
  const document = await gapsDocument(flags, environment);
  if (environment.signal.aborted) return { exitCode: stoppedCode(environment.signal) };
  const gaps =
    document === undefined ? undefined : gapsOf(document, String(flags['gapsFile']), context, flags);
  const held = await datasetsBesideTables(context, flags, 'backfill');
  const tracked = await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), environment.cwd);
  const days = await oneAfterAnother(
    gaps === undefined ? held : gaps.keys(),
    async (dataset) => {
      const { tickers } = trackedIn(dataset, tracked);
      const asked = { flags, context, dataset, states, gaps: gaps?.get(dataset), tickers };
      const result = await backfillOne(asked, invocation);
      return { ...result, stopped: endsTheNight(result.exitCode) };
    },
    environment,
    flags['dryRun'] === true ? { dry_run: true } : {},
  );
  const areTablesMeant = ['dataset', 'gapsFile', 'only', 'start', 'end', 'days', 'months'].every(
    (name) => flags[name] === undefined,
  );
  return areTablesMeant && !endsTheNight(days.exitCode) ? withTables(days, context, invocation) : days;
}

/** Windows and tickers of the REST tables that lack, too. */
async function withTables(
  days: CommandResult,
  { layout, now }: CommandContext,
  invocation: Invocation,
): Promise<CommandResult> {
  const lacking = await tableGaps(layout, now.toISOString().slice(0, 10));
  if (lacking.length === 0) return days;
  const { fetchLacking } = await import('./fetch-run-command.js');
  const tables = await fetchLacking(lacking, invocation);
  return {
    exitCode: mostSevere([days.exitCode, tables.exitCode]),
    message: days.message ?? tables.message,
    text: `${days.text ?? ''}${tables.text ?? ''}`,
    document: { ...tables.document, ...days.document },
  };
}

async function backfillOne(asked: Asked, invocation: Invocation): Promise<CommandResult> {
  const { layout, now, adoptSource } = asked.context;
  const todo = await withDataFolder(
    { layout, access: 'read', command: 'backfill', now, adoptSource },
    (folder) => todoOf(folder, asked),
  );
  if (todo.days.length > 0) return fetchDays(todo, asked, invocation);
  return { exitCode: 0, text: `${paragraph(`Nothing to do: ${todo.nothing}.`, '').join('\n')}\n` };
}

async function fetchDays(
  { days, archive, wanted }: Todo,
  { flags, context, dataset, states }: Asked,
  invocation: Invocation,
): Promise<CommandResult> {
  const { environment } = invocation;
  const begun = environment.clock();
  const connection = await openConnection(context, invocation);
  // Everything that is lacking has to come from the vendor.
  if (connection.missingKeys !== undefined) throw connection.missingKeys;
  const dryRun = flags['dryRun'] === true;
  const series = wanted.length > 0;
  const tools = { context, connection, environment };
  const request = populateRequest(
    {
      command: 'backfill',
      dataset,
      range: { start: days[0] ?? '', end: days.at(-1) ?? '' },
      only: new Set(days),
      wanted,
      wishes: { archive, series, force: false, pruned: states.includes('pruned') },
      dryRun,
      underLock: trackedUnderLock(dataset, 'kept', context, environment),
    },
    flags,
    tools,
  );
  const { exitCode, message, summary } = await populateRun(request, tools);
  const seconds = (environment.clock() - begun) / 1000;
  const { calendar } = dataset;
  return {
    exitCode,
    message,
    text: summaryText({ summary, calendar, seconds, exitCode, dryRun, archive, series }),
    document: { datasets: [summary] },
  };
}

/** Throws UsageError. */
function statesOf(only: unknown): readonly HoleState[] {
  if (only === undefined) return BACKFILLED;
  const names = String(only)
    .split(',')
    .map((name) => name.trim());
  const states = names.filter(isHoleState);
  const wrong = names.find((name) => !isHoleState(name));
  if (wrong !== undefined)
    throw new UsageError(`--only ${wrong} is no state of a hole: give some of ${HOLE_STATES.join(', ')}.`);
  return states;
}

interface Asked {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly context: CommandContext;
  readonly dataset: Dataset;
  readonly states: readonly HoleState[];
  /** Of the gaps file, if one was given. */
  readonly gaps: readonly GapRange[] | undefined;
  readonly tickers: readonly string[];
}

interface Todo {
  /** Ascending. */
  readonly days: readonly IsoDay[];
  /** What to say where there are none. */
  readonly nothing: string;
  readonly archive: boolean;
  readonly wanted: Wanted;
}

async function todoOf(folder: DataFolder, asked: Asked): Promise<Todo> {
  const { flags, context, dataset, states, tickers } = asked;
  const { layout, now, settings } = context;
  const accepted = acceptedOf(await readAccepted(layout.dataDir), dataset.name);
  const known = folder.known(dataset);
  let gaps = asked.gaps;
  let where = 'in the gaps file';
  let unfilled: readonly IsoDay[] = [];
  if (gaps === undefined) {
    const range = gapsRangeOf(flags, dataset, context, gapsRange(folder, dataset, now));
    const found = await findGaps(folder, { dataset, range, tickers, accepted, now });
    gaps = found.gaps;
    // Days that a run was cut off with: in the archive already, and in no series yet.
    const archived = new Set(folder.archive(dataset).days());
    if (flags['only'] === undefined)
      unfilled = unfilledDays(found.tickers).filter((day) => archived.has(day));
    where = `from ${range.start} to ${range.end}`;
  }
  const archive = settings.switch('saveOthers', keepsArchive(known, folder.archive(dataset).days()));
  const wanted = wantedIn(known, trackedOrEvery(folder, dataset, tickers));
  if (!archive && wanted.length === 0)
    throw new UsageError(
      `No tickers, and no archive: put tickers one a line into stocks.txt in ${layout.dataDir}.`,
    );
  return {
    // What was accepted since the file was written is left out too.
    days: [...new Set([...backfillDays(gaps, states, dataset.calendar), ...unfilled])]
      .filter((day) => !accepted.has(day))
      .sort(),
    nothing: `no open holes ${where}${flags['only'] === undefined ? '' : `, of ${states.join(', ')}`}`,
    archive,
    wanted,
  };
}

/** Of a gaps file. */
const MOST_BYTES = 64 << 20;

/** The text of the gaps file; undefined where none was given. Throws UsageError. */
async function gapsDocument(
  flags: Readonly<Record<string, unknown>>,
  { cwd, signal }: Environment,
): Promise<string | undefined> {
  const { gapsFile } = flags;
  if (gapsFile === undefined) return undefined;
  const range = ['start', 'end', 'days', 'months'].find((name) => flags[name] !== undefined);
  if (range !== undefined)
    throw new UsageError(`Give only one of --gaps-file and --${range}: the file says which days.`);
  const file = path.resolve(cwd, String(gapsFile));
  try {
    return gapsFile === '-'
      ? await textOf(addAbortSignal(signal, process.stdin))
      : (await readWhole(file, MOST_BYTES, 'wait')).toString('utf8');
  } catch (error) {
    if (signal.aborted) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') throw new UsageError(`There is no gaps file ${file}.`);
    throw error;
  }
}

/**
 * The holes by dataset. `name`: of the file. Without --dataset, those of the file's own datasets. Throws
 * UsageError.
 */
function gapsOf(
  document: string,
  name: string,
  { datasets }: CommandContext,
  flags: Readonly<Record<string, unknown>>,
): ReadonlyMap<Dataset, readonly GapRange[]> {
  const read = readGapsDocument(document, knownDatasets);
  const file = name === '-' ? 'What came on stdin' : name;
  if (!read.ok) throw new UsageError(`${file} ${read.reason}; barloom gaps --json writes it.`);
  const told = [...knownDatasets.values()].filter(
    (dataset) => (read.gaps.get(dataset.name)?.length ?? 0) > 0,
  );
  const chosen = flags['dataset'] !== undefined || told.length === 0 ? datasets : told;
  return new Map(chosen.map((dataset) => [dataset, read.gaps.get(dataset.name) ?? []]));
}
