/** `barloom prune`: the oldest days of the archive go, once it is said which and agreed to. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { confirm } from '#cli/confirm.js';
import type { Invocation } from '#cli/invocation.js';
import { keepDaysOption } from '#cli/options/keep-days.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { trackedTickers } from '#cli/options/tracked-tickers.js';
import { type PruneView, prunedText, prunePlanText } from '#cli/output/prune-text.js';
import { bytes, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type CommandContext, commandContext, oneDataset, requireData } from '#cli/run/context.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isFull } from '#platform/disk/errors.js';
import { seriesFolder } from '#store/folder/layout.js';
import { openDataFolder, withDataFolder } from '#store/folder/open.js';
import { seriesFileName } from '#store/series/file-name.js';
import { stopCode } from '#tasks/exit-code.js';
import {
  type ArchivedDay,
  archivedDays,
  carryOut,
  lackingTickers,
  makeRoom,
  type PrunePlan,
  planPrune,
} from '#tasks/upkeep/prune.js';

export function pruneCommand(invocation: Invocation): Promise<number> {
  return reported('prune', invocation, () => prune(invocation));
}

async function prune({ flags, environment }: Invocation): Promise<CommandResult> {
  const keepDays = keepDaysOption(flags['keepDays']);
  const context = await commandContext({ flags, environment });
  const dataset = oneDataset(context);
  requireData(context);
  const dryRun = flags['dryRun'] === true;
  const view = await lookAt(dataset, keepDays, context, environment.cwd);
  const { plan } = view;
  const told = prunePlanText(view);
  const nothing = plan.remove.length + plan.takeBack.length === 0;
  if (dryRun || nothing) {
    const hint = nothing ? '' : 'Nothing was removed. Run the same command without --dry-run to do it.\n';
    return { exitCode: 0, text: told + hint, document: documentOf(view, 0, dryRun) };
  }
  if (!context.json) environment.stderr(told);
  if (plan.remove.length > 0) {
    const size = bytes(plan.remove.reduce((sum, day) => sum + day.bytes, 0));
    const question = `Remove ${counted(plan.remove.length, 'day')} of the market, ${size}?`;
    if (!(await confirm(question, flags, environment)))
      return { exitCode: stopCode(environment), text: 'Nothing was removed.\n' };
  }
  const days = await remove(plan, { dataset, keepDays, context }, { flags, environment });
  const stopped = environment.signal.aborted;
  return {
    exitCode: stopCode(environment),
    text:
      (days.length > 0 ? prunedText(view, days) : '') +
      (stopped ? 'Stopped: run the same command again to go on.\n' : ''),
    document: documentOf(view, days.length, false),
  };
}

/** A second time with the room that tables of contents took, where the disk is full. */
async function remove(
  told: PrunePlan,
  wish: { readonly dataset: Dataset; readonly keepDays: number; readonly context: CommandContext },
  invocation: Pick<Invocation, 'flags' | 'environment'>,
): Promise<readonly ArchivedDay[]> {
  try {
    return await removeOnce(told, wish, invocation);
  } catch (error) {
    const { dataset, context } = wish;
    if (!isFull(error) || !(await makeRoom(context.layout, dataset))) throw error;
    return removeOnce(told, wish, invocation);
  }
}

/** Whatever has come since it was told: of what goes by now, only what was told. */
function removeOnce(
  told: PrunePlan,
  { dataset, keepDays, context }: { dataset: Dataset; keepDays: number; context: CommandContext },
  invocation: Pick<Invocation, 'flags' | 'environment'>,
): Promise<readonly ArchivedDay[]> {
  const { layout, now } = context;
  const { environment } = invocation;
  const open = { layout, access: 'write', command: 'prune', now, ...lockChoice(invocation) } as const;
  return withDataFolder(open, async (folder) => {
    for (const message of folder.progress.warnings) environment.stderr(`barloom: ${safeText(message)}\n`);
    const named = new Set(told.remove.map(({ day }) => day));
    const plan = planPrune(archivedDays(folder, dataset), folder.known(dataset), keepDays);
    const agreed = { ...plan, remove: plan.remove.filter(({ day }) => named.has(day)) };
    return carryOut(agreed, folder, dataset, environment.signal);
  });
}

/** What there is to remove, without a lock: who answers a question slowly is in nobody's way. */
async function lookAt(
  dataset: Dataset,
  keepDays: number,
  { layout, now, settings }: CommandContext,
  cwd: string,
): Promise<PruneView> {
  const folder = await openDataFolder({ layout, access: 'read', command: 'prune', now });
  const known = folder.known(dataset);
  const plan = planPrune(archivedDays(folder, dataset), known, keepDays);
  const { tickers } = await trackedTickers(dataset, { layout, settings }, { cwd });
  const hasSeries = (ticker: string): boolean =>
    existsSync(path.join(seriesFolder(layout, dataset), seriesFileName(ticker, dataset.series)));
  const days = plan.remove.map(({ day }) => day);
  return { dataset: dataset.name, keepDays, plan, lacking: lackingTickers(tickers, days, known, hasSeries) };
}

function documentOf({ dataset, keepDays, plan, lacking }: PruneView, removed: number, dryRun: boolean) {
  const { keepFrom, remove, stay, takeBack } = plan;
  const sum = (days: PruneView['plan']['remove']) => ({
    start: days[0]?.day ?? null,
    end: days.at(-1)?.day ?? null,
    days: days.length,
    bytes: days.reduce((total, day) => total + day.bytes, 0),
  });
  return {
    ...(dryRun ? { dry_run: true } : {}),
    datasets: [
      {
        dataset,
        keep_days: keepDays,
        keep_from: keepFrom ?? null,
        remove: sum(remove),
        stay: sum(stay),
        removed_days: removed,
        taken_back: takeBack,
        lacking_tickers: lacking,
      },
    ],
  };
}
