/**
 * With the setting `adjusted`, what runs behind a command that changes series or events: the adjusted series
 * are brought up to date. `isTouched`: whether what the command did can have changed one.
 */
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { adjustNotes } from '#cli/output/adjust-text.js';
import { row } from '#cli/output/paragraph.js';
import { count, counted } from '#cli/output/quantities.js';
import type { CommandResult } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { LockedError } from '#platform/lock/locked-error.js';
import { withDataFolder } from '#store/folder/open.js';
import { EXIT, mostSevere } from '#tasks/exit-code.js';
import { commandContext } from './context.js';
import { lakeTools } from './lake-tools.js';

export async function keepingAdjusted(
  invocation: Invocation,
  work: () => Promise<CommandResult>,
  isTouched: (result: CommandResult) => boolean = () => true,
): Promise<CommandResult> {
  const result = await work();
  const { flags, environment } = invocation;
  if (flags['dryRun'] === true || environment.signal.aborted || !goesOn(result.exitCode)) return result;
  if (!isTouched(result)) return result;
  const context = await commandContext(invocation, 'anywhere');
  if (!context.settings.switch('adjusted', false)) return result;
  const { layout, now } = context;
  const { hasActions } = await import('#tasks/adjust/read-actions.js');
  if (!hasActions(layout)) {
    environment.stderr(
      'barloom: adjusted series need splits and dividends: run barloom fetch actions (the setting "adjusted" asks for them).\n',
    );
    return { ...result, exitCode: mostSevere([result.exitCode, EXIT.incomplete]) };
  }
  const { keepAdjusted } = await import('#tasks/adjust/keep-adjusted.js');
  const { withReader } = await import('#tasks/lake/open-lake.js');
  const { memoryBytes, threads } = lakeTools('adjusted', context, invocation);
  const kept = await withReader({ memoryBytes, threads }, (duck) =>
    withDataFolder(
      { layout, access: 'write', command: 'adjusted series', now, ...lockChoice(invocation) },
      (folder) => keepAdjusted(folder, { duck, now, signal: environment.signal }),
    ),
  ).catch((error: unknown) => {
    // What the command did is done, and is to be told.
    if (!(error instanceof LockedError)) throw error;
    environment.stderr(`barloom: adjusted series: ${safeText(error.inUse)} The next run writes them.\n`);
  });
  if (kept === undefined) return { ...result, exitCode: mostSevere([result.exitCode, EXIT.locked]) };
  environment.stderr(adjustNotes(kept.notes));
  for (const name of kept.unreadable)
    environment.stderr(`barloom: ${safeText(name)} cannot be read: its adjusted series stays as it was.\n`);
  const { folder, written, unchanged, removed } = kept;
  const parts = [
    `${counted(written, 'file')} written`,
    `${count(unchanged)} unchanged`,
    ...(removed > 0 ? [`${count(removed)} removed`] : []),
  ];
  return {
    ...result,
    exitCode: mostSevere([result.exitCode, kept.unreadable.length > 0 ? EXIT.incomplete : 0]),
    ...(result.text === undefined ? {} : { text: `${result.text}${row('adjusted', parts.join(', '))}\n` }),
    document: {
      ...result.document,
      adjusted: { folder, written, unchanged, removed, unreadable: kept.unreadable },
    },
  };
}

/** A run with holes has changed series all the same. */
function goesOn(exitCode: number): boolean {
  return exitCode === 0 || exitCode === EXIT.incomplete;
}
