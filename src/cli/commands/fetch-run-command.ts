/** `barloom fetch TYPES`: the tables of the REST API, brought up to date. */
import type { Invocation } from '#cli/invocation.js';
import { fetchRequest } from '#cli/options/fetch-options.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { newFetchReporter } from '#cli/output/fetch-reporter.js';
import { fetchPlanText, fetchText } from '#cli/output/fetch-text.js';
import type { LogFile } from '#cli/output/log-file.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { memoryOption } from '#cli/run/lake-tools.js';
import { openLog } from '#cli/run/populate-run.js';
import { openRest } from '#cli/run/rest-connection.js';
import type { FetchEvent } from '#ingest/tables/events.js';
import type { TypeOutcome } from '#ingest/tables/outcome.js';
import { dividends, splits, tickerEvents } from '#market/tables/actions.js';
import { tickers } from '#market/tables/reference.js';
import { withTables } from '#store/tables/open-tables.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { planFetch } from '#tasks/fetch/dry-run.js';
import { type FetchResult, fetchTables } from '#tasks/fetch/fetch.js';
import type { FetchRequest } from '#tasks/fetch/request.js';
import type { TableGaps } from '#tasks/fetch/table-gaps.js';

/** What the database takes before it spills: windows are merged one at a time. */
const MEMORY_BYTES = 128e6;
const DUCK_THREADS = 2;

export function fetchRunCommand(invocation: Invocation): Promise<number> {
  return reported('fetch', invocation, () =>
    keepingAdjusted(invocation, () => fetchRun(invocation), hasNewEvents),
  );
}

/** Types that say what becomes of prices, and whose they are. */
const EVENTS: ReadonlySet<unknown> = new Set(
  [dividends, splits, tickerEvents, tickers].map(({ name }) => name),
);

/** Whether a fetch brought an event that was not known, or another than was known. */
function hasNewEvents({ document }: CommandResult): boolean {
  const types = (document?.['types'] ?? []) as readonly Partial<TypeOutcome>[];
  return types.some(
    ({ type, added = 0, changed = 0, gone = 0 }) => EVENTS.has(type) && added + changed + gone > 0,
  );
}

/** The result alone, for commands that do more. */
export async function fetchRun(
  invocation: Invocation,
  more: Partial<Pick<FetchRequest, 'withoutSlow' | 'weekly' | 'only'>> = {},
  itsLog?: LogFile,
): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const request = { ...(await fetchRequest(invocation, context)), ...more };
  const rest = openRest(context, invocation, request.workers);
  if (flags['dryRun'] === true) {
    const plan = await planFetch(request, {
      layout: context.layout,
      now: context.now,
      memoryBytes: MEMORY_BYTES,
      perSecond: rest.perSecond,
    });
    return { exitCode: 0, text: fetchPlanText(plan), document: { dry_run: true, ...plan } };
  }
  const begun = environment.clock();
  const log = itsLog ?? (await openLog(context, environment));
  const reporter = reporterOf(invocation, context);
  const hear = (event: FetchEvent): void => {
    reporter.hear(event);
    log?.hear(event);
  };
  if (more.withoutSlow !== true)
    environment.onStop((signal) => {
      reporter.say(`${signal}: stopping; what is done stays, and the same command goes on`);
    });
  try {
    const { client, source } = await rest.open();
    const result = await withTables(
      {
        layout: context.layout,
        command: 'fetch',
        now: context.now,
        ...lockChoice(invocation),
        memoryBytes: memoryOption(flags['memory']) ?? MEMORY_BYTES,
        threads: Math.min(DUCK_THREADS, environment.parallelism),
      },
      (tables) =>
        fetchTables({ ...request, source }, tables, {
          client,
          now: environment.now,
          clock: environment.clock,
          signal: environment.signal,
          hear,
        }),
    );
    const seconds = (environment.clock() - begun) / 1000;
    const { requests, retried, bytes } = rest.counted();
    return {
      exitCode: codeOf(result),
      text: fetchText(result, { requests, bytes, seconds }),
      document: {
        types: result.types.map(documentOf),
        tickers: result.tickers,
        unknown_tickers: result.unknownTickers,
        requests,
        retried,
        bytes_downloaded: bytes,
      },
    };
  } finally {
    reporter.end();
    await rest.close();
  }
}

/** What a step keeps up where barloom.json does not say otherwise. */
const KEPT_UP: readonly string[] = ['fundamentals', 'actions', 'reference', 'news'];

/**
 * As a step of sync, nightly and weekly: what is had in bulk, a few dozen requests; once a week with the
 * comparisons that find what is late, corrected or gone. `log`: the night's.
 */
export async function fetchStep(
  invocation: Invocation,
  { weekly, log }: { readonly weekly: boolean; readonly log: LogFile | undefined },
): Promise<CommandResult> {
  const { settings } = await commandContext(invocation, 'anywhere');
  const args = settings.texts('fetchTypes') ?? KEPT_UP;
  return fetchRun({ ...invocation, flags: stepFlags(invocation), args }, { withoutSlow: true, weekly }, log);
}

/** For backfill: exactly what gaps found. */
export async function fetchLacking(
  lacking: readonly TableGaps[],
  invocation: Invocation,
): Promise<CommandResult> {
  const only = new Map(
    lacking.map(({ type, windows, tickers }) => [type, new Set([...windows, ...tickers])]),
  );
  return fetchRun({ ...invocation, flags: stepFlags(invocation), args: [...only.keys()] }, { only });
}

function stepFlags({ flags }: Invocation): Invocation['flags'] {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => STEP_FLAGS.has(name)));
}

/** Options that mean the same to the command whose step it is. */
const STEP_FLAGS: ReadonlySet<string> = new Set([
  'dataDir',
  'archiveDir',
  'sandbox',
  'sandboxTickers',
  'restEndpoint',
  'logFile',
  'logLevel',
  'rateLimit',
  'bwlimit',
  'adoptSource',
  'breakLock',
  'waitLock',
  'dryRun',
  'quiet',
  'json',
]);

function reporterOf(
  { environment }: Invocation,
  { json, quiet, settings }: CommandContext,
): ReturnType<typeof newFetchReporter> {
  return newFetchReporter({
    form: quiet ? 'quiet' : json ? 'ndjson' : 'lines',
    live: !json && !quiet && environment.liveTerminal && settings.switch('progress', true),
    write: environment.stderr,
    columns: environment.columns,
    clock: environment.clock,
  });
}

function codeOf({ types, unknownTickers, gaveOut }: FetchResult): number {
  const failed = types.flatMap((type) => type.failed);
  const asked = types.filter(({ planned, denied }) => planned > 0 || denied !== undefined);
  return exitCodeOf({
    notEntitled: asked.length > 0 && asked.every(({ denied }) => denied !== undefined),
    network: gaveOut || failed.some(({ kind }) => kind === 'network'),
    incomplete: failed.length + unknownTickers.length > 0 || types.some(({ denied }) => denied !== undefined),
  });
}

function documentOf(outcome: TypeOutcome): Readonly<Record<string, unknown>> {
  const { done, denied, endpoint, unknownFields, tickersDone: _, tickersFailed: _f, ...rest } = outcome;
  return {
    ...rest,
    done: done.length,
    denied: denied ?? null,
    endpoint: endpoint ?? null,
    unknown_fields: unknownFields,
  };
}
