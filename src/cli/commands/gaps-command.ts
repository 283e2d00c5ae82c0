/** `barloom gaps`: what is not here, and why; and with --accept and --unaccept, which of it may stay so. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { gapsRangeOf } from '#cli/options/gaps-options.js';
import { datasetsBesideTables } from '#cli/options/held-datasets.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { farthestDay } from '#cli/options/range-flags.js';
import { gapsText } from '#cli/output/gaps-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { tableGapsText } from '#cli/output/table-gaps-text.js';
import { type CommandContext, commandContext, oneDataset } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { replaceFile } from '#platform/disk/durable.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import {
  ACCEPTED_FILE,
  type AcceptedHole,
  acceptedOf,
  parseAccepted,
  readAccepted,
  readAcceptedText,
  withAccepted,
  withoutAccepted,
} from '#store/ledger/accepted.js';
import { readAllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { tableGaps } from '#tasks/fetch/table-gaps.js';
import { coverRange, type DatasetGaps, findGaps, gapsRange } from '#tasks/gaps/find-gaps.js';
import { isOpen } from '#tasks/gaps/gap-ranges.js';
import { acceptedDays, type NamedDays, namedDays } from '#tasks/gaps/named-days.js';
import { endsOrBegins, withRenames } from '#tasks/gaps/renames.js';
import { readOwners } from '#tasks/identity/with-identity.js';

export function gapsCommand(invocation: Invocation): Promise<number> {
  return reported('gaps', invocation, () => gapsWith(invocation));
}

async function gapsWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext({ flags, environment }, 'anywhere');
  const { layout, now } = context;
  const change = changeOf(flags, context);
  const datasets = await datasetsBesideTables(context, flags, 'gaps');
  const tables =
    flags['dataset'] === undefined ? await tableGaps(layout, now.toISOString().slice(0, 10)) : [];
  const tracked = await readAllTracked(
    layout.dataDir,
    context.settings.texts('tickerFiles'),
    environment.cwd,
  );
  const options = {
    layout,
    access: change === undefined ? 'read' : 'write',
    command: 'gaps',
    now,
    ...lockChoice({ flags, environment }),
  } as const;
  return withDataFolder(options, async (folder) => {
    for (const message of folder.progress.warnings) environment.stderr(`barloom: ${safeText(message)}\n`);
    const ranges = datasets.map((dataset) => ({
      dataset,
      range: gapsRangeOf(flags, dataset, { datasets, now }, gapsRange(folder, dataset, now)),
    }));
    const changed = change === undefined ? {} : await changeAccepted(change, folder, now);
    const accepted = await readAccepted(layout.dataDir);
    const found: DatasetGaps[] = [];
    for (const { dataset, range } of ranges) {
      const ofDataset = acceptedOf(accepted, dataset.name);
      const { tickers } = trackedIn(dataset, tracked);
      const gaps = await findGaps(folder, { dataset, range, tickers, accepted: ofDataset, now });
      const owners = await readOwners(lakeTools('gaps', context, invocation), endsOrBegins(gaps));
      found.push(withRenames(gaps, owners));
    }
    return {
      exitCode:
        tables.length > 0 || found.some(({ gaps, unfilled }) => gaps.some(isOpen) || unfilled > 0) ? 3 : 0,
      text: gapsText({ datasets: found, ...changed }) + tableGapsText(tables),
      document: { ...changed, datasets: found, ...(tables.length > 0 ? { tables } : {}) },
    };
  });
}

/** What --accept or --unaccept asks for. */
interface Change {
  readonly dataset: Dataset;
  readonly named: Extract<NamedDays, { ok: true }>;
  /** Undefined: they are accepted no more. */
  readonly reason: string | undefined;
}

/** Throws UsageError. */
function changeOf(flags: Readonly<Record<string, unknown>>, context: CommandContext): Change | undefined {
  const { accept, unaccept, reason } = flags;
  if (accept !== undefined && unaccept !== undefined)
    throw new UsageError('Give only one of --accept and --unaccept.');
  if (reason !== undefined && accept === undefined)
    throw new UsageError('--reason says why holes are accepted: give --accept DAYS with it.');
  if (accept === undefined && unaccept === undefined) return undefined;
  const why = accept === undefined ? undefined : String(reason ?? '').trim();
  if (why === '')
    throw new UsageError("--accept needs a reason: --reason 'the vendor lacks it, ticket 4711'.");
  const dataset = oneDataset(context);
  const named = namedDays(
    String(accept ?? unaccept),
    accept === undefined ? '--unaccept' : '--accept',
    dataset,
    farthestDay(dataset, context.now),
  );
  if (!named.ok) throw new UsageError(named.refusal);
  return { dataset, named, reason: why };
}

/**
 * What was changed, for the text and the document. Throws UsageError and AcceptedFileError, and then nothing
 * was.
 */
async function changeAccepted(
  { dataset, named, reason }: Change,
  folder: DataFolder,
  now: Date,
): Promise<{ readonly accepted?: readonly AcceptedHole[]; readonly unaccepted?: readonly AcceptedHole[] }> {
  const file = path.join(folder.layout.dataDir, ACCEPTED_FILE);
  const text = await readAcceptedText(folder.layout.dataDir);
  const before = acceptedOf(text === undefined ? [] : parseAccepted(text), dataset.name);
  if (reason === undefined) {
    const days = [...named.days, ...named.besides.filter((day) => before.has(day))].sort();
    const others = days.filter((day) => !before.has(day));
    if (text === undefined || others.length > 0 || days.length === 0)
      throw new UsageError(
        `${(days.length === 0 ? named.besides : others).slice(0, 5).join(', ')}${others.length > 5 ? ', …' : ''}: not accepted; ` +
          'nothing was changed (barloom gaps says what is).',
      );
    await replaceFile(file, withoutAccepted(text, dataset.name, days));
    return {
      unaccepted: days.map((day) => ({ dataset: dataset.name, day, reason: before.get(day) ?? '' })),
    };
  }
  const all = [...named.days, ...named.besides].sort();
  const range = { start: all[0] ?? '', end: all.at(-1) ?? '' };
  const covered = coverRange(folder, { dataset, range, accepted: before, now });
  const taken = acceptedDays(named, covered, dataset);
  if (!taken.ok) throw new UsageError(taken.refusal);
  const accepted = taken.days.map((day) => ({ dataset: dataset.name, day, reason }));
  await replaceFile(file, withAccepted(text, accepted));
  return { accepted };
}
