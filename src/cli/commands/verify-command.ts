/** `barloom verify`: looks, says what is wrong, and with --repair mends it. */

import type { Invocation } from '#cli/invocation.js';
import { datasetsOfFolder } from '#cli/options/held-datasets.js';
import { type LockChoice, lockChoice } from '#cli/options/lock-options.js';
import { isOpen, rangeFlags, rangeIn } from '#cli/options/range-flags.js';
import { counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { verifyText } from '#cli/output/verify-text.js';
import { openConnection } from '#cli/run/connection.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { populateRequest } from '#cli/run/populate-request.js';
import { populateRun } from '#cli/run/populate-run.js';
import { type AdjustedVerified, adjustedVerified } from '#cli/run/verify-adjusted.js';
import { hasQuotes, type QuotesVerified, quotesVerified } from '#cli/run/verify-quotes.js';
import { type VerifiedTables, verifyTables } from '#cli/run/verify-tables.js';
import { workersOf } from '#cli/settings/workers.js';
import { UsageError } from '#cli/usage-error.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { lockHolder } from '#platform/lock/lock.js';
import { waitingForLock } from '#platform/lock/lock-wait.js';
import { withDataFolder } from '#store/folder/open.js';
import { type VerifiedDataset, writeVerified } from '#store/ledger/verified-file.js';
import { heldTables } from '#store/tables/layout.js';
import { exitCodeOf, type RunOutcome, stopSignalOf } from '#tasks/exit-code.js';
import { outcomeOfError } from '#tasks/outcome.js';
import { DEFAULT_THRESHOLDS, type Thresholds } from '#tasks/verify/history.js';
import { lastVerified } from '#tasks/verify/last-verified.js';
import type { VerifyOptions } from '#tasks/verify/look.js';
import { needsRepair, type RepairResult, repairDataset } from '#tasks/verify/repair.js';
import { damageKey, type VerifyResult } from '#tasks/verify/result.js';
import { verifyDataset } from '#tasks/verify/verify.js';

export function verifyCommand(invocation: Invocation): Promise<number> {
  return reported('verify', invocation, () => verify(invocation));
}

async function verify(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation);
  const thresholds = thresholdsOf(flags);
  const datasets = await datasetsToVerify(context, flags);
  const texts: string[] = [];
  const documents: unknown[] = [];
  const verified = new Map<string, VerifiedDataset>();
  let tables: VerifiedTables | undefined;
  let quotes: QuotesVerified | undefined;
  let adjusted: AdjustedVerified | undefined;
  let outcome: RunOutcome = {};
  let message: string | undefined;
  environment.onStop((signal) => {
    const kept =
      flags['repair'] === true ? '; what is repaired stays so, run the same command again to go on' : '';
    environment.stderr(`${signal}: stopping${kept}\n`);
  });
  try {
    for (const dataset of datasets) {
      const range = rangeOf(flags, dataset, { datasets, now: context.now });
      const options = { deep: flags['deep'] === true, range, thresholds };
      const one = await verifyOne(dataset, options, context, invocation);
      // Of nothing nobody can say that it is sound.
      if (one.isNothing)
        throw new UsageError(
          `Nothing of ${dataset.name} is here to be verified: run barloom populate -t ${dataset.name} --months 1 first.`,
        );
      texts.push(one.text);
      verified.set(dataset.name, lastVerified(one.found, range, context.now));
      documents.push(one.document);
      outcome = { ...one.outcome, ...outcome, damage: outcome.damage === true || one.damaged };
      message ??= one.message;
    }
    adjusted = await adjustedVerified(context, invocation);
    tables = await verifyTables(context, invocation);
    quotes = await quotesVerified(context, invocation);
    const damaged = [adjusted, tables, quotes].some((one) => one?.damaged === true);
    outcome = { ...outcome, damage: outcome.damage === true || damaged };
  } catch (error) {
    if (!environment.signal.aborted) throw error;
  }
  // For report; a folder that cannot be written to is verified all the same.
  await writeVerified(context.layout.dataDir, verified).catch(() => undefined);
  const { signal } = environment;
  if (signal.aborted) outcome = { ...outcome, signal: stopSignalOf(signal) };
  return {
    exitCode: exitCodeOf(outcome),
    message,
    text: [
      ...texts,
      ...[adjusted, tables, quotes].flatMap((one) => (one === undefined ? [] : [one.text])),
    ].join('\n'),
    document: {
      datasets: documents,
      ...(adjusted === undefined ? {} : { adjusted: adjusted.adjusted }),
      ...(tables === undefined ? {} : { tables: tables.tables }),
      ...(quotes === undefined ? {} : { quotes: quotes.quotes }),
    },
  };
}

/** None where the folder has tables or quotes alone. Throws UsageError where it has nothing. */
async function datasetsToVerify(
  context: CommandContext,
  flags: Invocation['flags'],
): Promise<readonly Dataset[]> {
  try {
    return await datasetsOfFolder(context, flags, 'verify');
  } catch (error) {
    const hasOthers = heldTables(context.layout).length > 0 || hasQuotes(context);
    if (error instanceof UsageError && flags['dataset'] === undefined && hasOthers) return [];
    throw error;
  }
}

interface Verified {
  readonly found: VerifyResult;
  readonly text: string;
  readonly document: unknown;
  readonly damaged: boolean;
  readonly isNothing: boolean;
  /** What kept the repair from being complete, if anything did. */
  readonly outcome: RunOutcome;
  readonly message: string | undefined;
}

async function verifyOne(
  dataset: Dataset,
  options: VerifyOptions,
  context: CommandContext,
  invocation: Invocation,
): Promise<Verified> {
  const { flags, environment } = invocation;
  const begun = environment.clock();
  const look = (): Promise<VerifyResult> => verifyOnce(dataset, options, context, invocation);
  if (flags['repair'] !== true) {
    const result = await lookAsReader(look, context, invocation);
    const text = verifyText({ result, repair: undefined, seconds: (environment.clock() - begun) / 1000 });
    return {
      found: result,
      text,
      document: result,
      damaged: result.damage.length > 0,
      isNothing: isNothing(result),
      outcome: {},
      message: undefined,
    };
  }
  await refuseIfLocked(context, lockChoice(invocation));
  const found = await look();
  const mending = needsRepair(found)
    ? await repairOne({ dataset, found, look }, context, invocation)
    : { repair: { after: found, damage: [], mended: [] }, outcome: {}, message: undefined };
  const { after, damage, mended } = mending.repair;
  return {
    found: after,
    text: verifyText({
      result: after,
      repair: mending.repair,
      seconds: (environment.clock() - begun) / 1000,
    }),
    document: { ...after, damage, mended },
    damaged: damage.some(({ repaired }) => !repaired),
    isNothing: isNothing(after),
    outcome: mending.outcome,
    message: mending.message,
  };
}

function isNothing({ checked, damage, unrecorded, leftovers }: VerifyResult): boolean {
  const { days, series } = checked;
  return days + series + damage.length + unrecorded.days.length + leftovers.length === 0;
}

/** One look at the folder as it is now. */
async function verifyOnce(
  dataset: Dataset,
  options: VerifyOptions,
  context: CommandContext,
  { environment }: Invocation,
): Promise<VerifyResult> {
  const { layout, now, settings, json, quiet, adoptSource } = context;
  const live = environment.liveTerminal && !json && !quiet && settings.switch('progress', true);
  try {
    return await withDataFolder({ layout, access: 'read', command: 'verify', now, adoptSource }, (folder) =>
      verifyDataset(folder, dataset, options, {
        signal: environment.signal,
        workers: workersOf(settings, environment),
        onProgress: (done, of, what) => {
          if (live)
            environment.stderr(
              `\r\x1b[2K${what === 'days' ? 'archive' : 'series'}: ${done} of ${of} ${what}`,
            );
        },
      }),
    );
  } finally {
    if (live) environment.stderr('\r\x1b[2K');
  }
}

/**
 * A reader takes no lock. Where somebody writes meanwhile, what seems damaged is looked at once more, and
 * only what stays so is reported.
 */
async function lookAsReader(
  look: () => Promise<VerifyResult>,
  { layout }: CommandContext,
  { environment }: Invocation,
): Promise<VerifyResult> {
  const before = await lockHolder(layout.dataDir);
  const first = await look().catch((error: unknown) => {
    // A file that was there a moment ago.
    if (before === undefined || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return look();
  });
  const writer = before ?? (await lockHolder(layout.dataDir));
  if (writer === undefined) return first;
  const { command, pid, host } = writer.holder;
  environment.stderr(
    `barloom: barloom ${safeText(command)} (pid ${pid} on ${safeText(host)}) is at work in this folder; ` +
      `what seems damaged is looked at twice\n`,
  );
  if (first.damage.length === 0) return first;
  const seen = new Set(first.damage.map(damageKey));
  const second = await look();
  return { ...second, damage: second.damage.filter((damage) => seen.has(damageKey(damage))) };
}

/** Before a long look that could not be followed by anything. */
function refuseIfLocked({ layout }: CommandContext, { breakLock, waitLock }: LockChoice): Promise<void> {
  return waitingForLock(waitLock, async () => {
    const held = breakLock ? undefined : await lockHolder(layout.dataDir);
    if (held !== undefined) throw held.refusal;
  });
}

async function repairOne(
  {
    dataset,
    found,
    look,
  }: {
    readonly dataset: Dataset;
    readonly found: VerifyResult;
    readonly look: () => Promise<VerifyResult>;
  },
  context: CommandContext,
  invocation: Invocation,
): Promise<{
  readonly repair: RepairResult;
  readonly outcome: RunOutcome;
  readonly message: string | undefined;
}> {
  const { environment } = invocation;
  const { layout, now, adoptSource } = context;
  const open = { layout, access: 'write', command: 'verify --repair', now, adoptSource } as const;
  const locks = lockChoice(invocation);
  let outcome: RunOutcome = {};
  let message: string | undefined;
  if (!context.quiet && !context.json)
    environment.stderr(`${counted(found.damage.length, 'finding')} to repair\n`);
  const repair = await repairDataset(found, dataset, {
    now,
    signal: environment.signal,
    verify: look,
    withFolder: (body) => withDataFolder({ ...open, ...locks }, body),
    fetchDays: async (days) => {
      const ended = await fetchAgain(days, dataset, context, invocation);
      if (ended.failure !== undefined) outcome = { ...outcomeOfError(ended.failure.error), ...outcome };
      message ??= ended.message;
      environment.signal.throwIfAborted();
      return ended.failure === undefined;
    },
  });
  // What is whole again needs no reason.
  return repair.damage.every(({ repaired }) => repaired)
    ? { repair, outcome: {}, message: undefined }
    : { repair, outcome, message };
}

async function fetchAgain(
  days: ReadonlySet<IsoDay>,
  dataset: Dataset,
  context: CommandContext,
  { flags, environment }: Invocation,
): ReturnType<typeof populateRun> {
  const connection = await openConnection(context, { flags, environment });
  const sorted = [...days].sort();
  const end = sorted.at(-1) ?? dataset.firstDay;
  const tools = { context, connection, environment };
  const request = populateRequest(
    {
      command: 'verify --repair',
      dataset,
      range: { start: sorted[0] ?? end, end },
      only: days,
      wanted: [],
      wishes: { archive: true, series: false, force: true },
    },
    flags,
    tools,
  );
  return populateRun(request, tools);
}

/** Undefined: all days. */
function rangeOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  context: Pick<CommandContext, 'datasets' | 'now'>,
): { readonly start: IsoDay; readonly end: IsoDay } | undefined {
  const given = rangeFlags(flags);
  return isOpen(given) && given.end === undefined ? undefined : rangeIn(given, dataset, context);
}

function thresholdsOf(flags: Readonly<Record<string, unknown>>): Thresholds {
  const number = (name: keyof Thresholds, flag: string): number => {
    const given = flags[name];
    if (given === undefined) return DEFAULT_THRESHOLDS[name];
    const value = /^\d+(\.\d+)?$/.test(String(given)) ? Number(given) : 0;
    if (!(value > 0))
      throw new UsageError(
        `${flag} must be a number above 0, such as ${DEFAULT_THRESHOLDS[name]}, not ${String(given)}.`,
      );
    return value;
  };
  return {
    maxJump: number('maxJump', '--max-jump'),
    maxVolume: number('maxVolume', '--max-volume'),
    minTickers: number('minTickers', '--min-tickers'),
    maxStale: number('maxStale', '--max-stale'),
  };
}
