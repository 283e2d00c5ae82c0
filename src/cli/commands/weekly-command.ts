/**
 * `barloom weekly`: nightly, then the older holes that can be filled, then whether what is here is sound; and
 * the other steps of barloom.json's list. With `verify` among them every byte is looked at.
 */

import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { weekLine } from '#cli/output/nightly-text.js';
import { counted } from '#cli/output/quantities.js';
import type { CommandResult } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { keepingAdjusted } from '#cli/run/keep-adjusted.js';
import { fetchDays, keepUp, type NightOfDataset, type Planned } from '#cli/run/nightly-run.js';
import { joined } from '#cli/run/several-datasets.js';
import { isLater, runLaterSteps, stepsDocument, stepsLine, stepsOf } from '#cli/run/steps.js';
import { complain, failedWork, type Unattended, unattended } from '#cli/run/unattended.js';
import { workersOf } from '#cli/settings/workers.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type DataFolder, type OpenOptions, withDataFolder } from '#store/folder/open.js';
import { EXIT, endsTheNight, mostSevere, stoppedCode } from '#tasks/exit-code.js';
import { BACKFILLED, backfillDays } from '#tasks/gaps/backfill-days.js';
import { type DatasetGaps, findGaps, gapsRange } from '#tasks/gaps/find-gaps.js';
import { unknownExtras } from '#tasks/gaps/unknown-extras.js';
import type { DatasetSummary } from '#tasks/populate/summary.js';
import { archivedDays, carryOut, planPrune } from '#tasks/upkeep/prune.js';
import type { VerifyResult } from '#tasks/verify/result.js';
import { verifyDataset } from '#tasks/verify/verify.js';

/** How many damaged files are named on stderr; the JSON document has all. */
const NAMED = 5;

export function weeklyCommand(invocation: Invocation): Promise<number> {
  return unattended('weekly', invocation, (tools) => keepingAdjusted(invocation, () => week(tools)));
}

async function week(tools: Unattended): Promise<CommandResult> {
  const { invocation } = tools;
  const later = stepsOf(tools.context.settings, ['populate']).filter(isLater);
  const nights = await keepUp(tools);
  const weeks: WeekOfDataset[] = [];
  for (const night of nights) {
    if (endsTheNight(mostSevere([night.exitCode, ...weeks.map(({ exitCode }) => exitCode)]))) break;
    weeks.push(await oneWeek(night, { several: nights.length > 1, deep: later.includes('verify') }, tools));
  }
  const codes = [...nights, ...weeks].map(({ exitCode }) => exitCode);
  const quiet = { ...invocation, flags: { ...invocation.flags, quiet: true } };
  const names = nights.map(({ planned }) => planned.dataset.name);
  const stepTools = { invocation: quiet, verified: 'all', log: tools.log } as const;
  const steps = endsTheNight(mostSevere(codes)) ? [] : await runLaterSteps(later, names, stepTools);
  const isMade = steps.length === later.length && steps.every(({ exit_code }) => exit_code === 0);
  const sound = nights.filter((_, i) => isMade && weeks[i]?.exitCode === 0);
  const pruned = await pruneOld(
    sound.map(({ planned }) => planned.dataset),
    tools,
  );
  return {
    exitCode: mostSevere([...codes, ...steps.map(({ exit_code }) => exit_code)]),
    text:
      [...nights, ...weeks].map(({ line }) => line ?? '').join('') +
      (steps.length > 0 ? `weekly: ${stepsLine(steps)}\n` : '') +
      prunedLine(pruned),
    message: joined([...nights, ...weeks, ...steps].map(({ message }) => message)),
    document: {
      datasets: nights.map(({ planned, document }, i) => ({
        dataset: planned.dataset.name,
        nightly: document ?? null,
        backfill: weeks[i]?.backfill ?? null,
        gaps: weeks[i]?.gaps ?? null,
        verify: weeks[i]?.verify ?? null,
        pruned: pruned.get(planned.dataset.name) ?? null,
      })),
      ...(later.length > 0 ? { steps: stepsDocument(steps) } : {}),
    },
  };
}

/**
 * By dataset the days that went by `archiveKeepDays`; none without that setting, and none of a dataset that
 * is not sound.
 */
async function pruneOld(
  datasets: readonly Dataset[],
  tools: Unattended,
): Promise<ReadonlyMap<string, number>> {
  const { settings } = tools.context;
  if (settings.optionalCount('archiveKeepDays') === undefined) return new Map();
  const keepDays = settings.count('archiveKeepDays', 1);
  const { signal } = tools.invocation.environment;
  return withDataFolder(folderOptions(tools, 'write'), async (folder) => {
    const pruned = new Map<string, number>();
    for (const dataset of datasets) {
      const plan = planPrune(archivedDays(folder, dataset), folder.known(dataset), keepDays);
      pruned.set(dataset.name, (await carryOut(plan, folder, dataset, signal)).length);
    }
    return pruned;
  });
}

function prunedLine(pruned: ReadonlyMap<string, number>): string {
  const days = [...pruned.values()].reduce((sum, n) => sum + n, 0);
  return days === 0 ? '' : `weekly: ${counted(days, 'day')} of the archive removed by archiveKeepDays\n`;
}

interface WeekOfDataset {
  readonly exitCode: number;
  readonly message: string | undefined;
  readonly line: string | undefined;
  readonly backfill?: DatasetSummary | undefined;
  readonly gaps?: DatasetGaps;
  readonly verify?: VerifyResult;
}

async function oneWeek(
  { planned, exitCode: ofNight }: NightOfDataset,
  { several, deep }: { readonly several: boolean; readonly deep: boolean },
  tools: Unattended,
): Promise<WeekOfDataset> {
  const { command, invocation } = tools;
  const { signal, clock } = invocation.environment;
  const begun = clock();
  try {
    // The network has just given out: the older holes wait.
    const filled = ofNight === EXIT.network ? undefined : await backfill(planned, tools);
    const codes = [filled?.exitCode ?? 0];
    if (endsTheNight(codes[0] ?? 0))
      return {
        exitCode: mostSevere(codes),
        message: filled?.message,
        line: undefined,
        backfill: filled?.summary,
      };
    const { gaps, verify } = await lookOver(planned, deep, tools);
    if (gaps.open > 0) {
      complain(
        `${counted(gaps.open, 'session')} should be here and ${gaps.open === 1 ? 'is' : 'are'} not: barloom gaps says why`,
        tools,
      );
      codes.push(EXIT.incomplete);
    }
    if (gaps.unfilled > 0) {
      complain(
        `${counted(gaps.unfilled, 'row')} of tracked tickers ${gaps.unfilled === 1 ? 'was' : 'were'} not looked up: barloom gaps says whose`,
        tools,
      );
      codes.push(EXIT.incomplete);
    }
    if (verify.damage.length > 0) {
      for (const { file, what } of verify.damage.slice(0, NAMED))
        complain(safeText(`damage: ${file}: ${what}`), tools);
      complain(
        `${counted(verify.damage.length, 'case of damage', 'cases of damage')} found: barloom verify --deep --repair repairs it`,
        tools,
      );
      codes.push(EXIT.damage);
    }
    return {
      exitCode: mostSevere(codes),
      message: filled?.message,
      line: weekLine({
        command,
        dataset: several ? planned.dataset.name : undefined,
        open: gaps.open,
        filled: filled === undefined ? 0 : filled.downloaded.size,
        days: verify.checked.days,
        series: verify.checked.series,
        damage: verify.damage.length,
        seconds: (clock() - begun) / 1000,
      }),
      backfill: filled?.summary,
      gaps,
      verify,
    };
  } catch (error) {
    if (signal.aborted) return { exitCode: stoppedCode(signal), message: undefined, line: undefined };
    return { ...failedWork(error, tools), line: undefined };
  }
}

/**
 * The open holes that nightly has not asked for already, and days that are no sessions of which the vendor
 * has a file by now: for them each month is listed once. Undefined where there are none.
 */
async function backfill(
  planned: Planned,
  tools: Unattended,
): Promise<Awaited<ReturnType<typeof fetchDays>> | undefined> {
  const { dataset, plan } = planned;
  const { holes, extras } = await withDataFolder(folderOptions(tools, 'read'), async (folder) => {
    const { gaps, range } = await gapsOf(folder, planned, [], tools);
    const known = new Set([...folder.known(dataset).days.keys(), ...folder.archive(dataset).days()]);
    return {
      holes: [...backfillDays(gaps, BACKFILLED, dataset.calendar)].filter((day) => !plan.only.has(day)),
      extras: unknownExtras(range, dataset.calendar, (day) => known.has(day) || plan.only.has(day)),
    };
  });
  const days = [...holes, ...extras].sort();
  const [start, end] = [days[0], days.at(-1)];
  if (start === undefined || end === undefined) return undefined;
  const filled = await fetchDays(planned, { range: { start, end }, only: new Set(days) }, tools);
  const isNews = holes.length > 0 || filled.downloaded.size > 0 || filled.exitCode !== 0;
  return isNews ? filled : undefined;
}

/**
 * What is still not here, and whether what is here is sound; under the lock, so that nobody writes meanwhile.
 */
function lookOver(
  planned: Planned,
  deep: boolean,
  tools: Unattended,
): Promise<{ readonly gaps: DatasetGaps; readonly verify: VerifyResult }> {
  const { environment } = tools.invocation;
  const workers = deep ? workersOf(tools.context.settings, environment) : 0;
  return withDataFolder(folderOptions(tools, 'write'), async (folder) => ({
    gaps: await gapsOf(folder, planned, planned.tracked, tools),
    verify: await verifyDataset(folder, planned.dataset, { deep }, { signal: environment.signal, workers }),
  }));
}

async function gapsOf(
  folder: DataFolder,
  { dataset, accepted, plan }: Planned,
  tickers: readonly string[],
  { context: { now } }: Unattended,
): Promise<DatasetGaps> {
  const range = gapsRange(folder, dataset, now) ?? plan.range;
  return findGaps(folder, { dataset, range, tickers, accepted, now });
}

function folderOptions(
  { command, context, invocation }: Unattended,
  access: OpenOptions['access'],
): OpenOptions {
  const { layout, now, adoptSource } = context;
  return { layout, access, command, now, ...lockChoice(invocation), adoptSource };
}
