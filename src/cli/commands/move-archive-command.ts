/** `barloom move-archive DIR`: the archive to another folder or drive, and barloom.json to say where. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { progressLine } from '#cli/output/progress-line.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { movedText } from '#cli/output/upkeep-text.js';
import { commandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { withDataFolder } from '#store/folder/open.js';
import { stopCode } from '#tasks/exit-code.js';
import { MoveRefused, moveArchive } from '#tasks/upkeep/move-archive.js';

export function moveArchiveCommand(invocation: Invocation): Promise<number> {
  return reported('move-archive', invocation, () => move(invocation));
}

async function move({ args, flags, environment }: Invocation): Promise<CommandResult> {
  const given = args[0] ?? '';
  if (given === '') throw new UsageError('Say where to: barloom move-archive DIR.');
  const context = await commandContext({ flags, environment });
  requireData(context);
  const { layout, now, settings } = context;
  const target = path.resolve(environment.cwd, given);
  const line = progressLine('moving the archive', context, environment);
  const open = {
    layout,
    access: 'write',
    command: 'move-archive',
    now,
    ...lockChoice({ flags, environment }),
  } as const;
  try {
    const moved = await withDataFolder(open, (folder) =>
      moveArchive({
        layout,
        target,
        now,
        breakLock: open.breakLock,
        waitLock: open.waitLock,
        releaseArchive: folder.releaseArchive,
        signal: environment.signal,
        progress: line.show,
      }),
    );
    line.end();
    const origin = settings.origin('archiveDir');
    const overrides = origin.startsWith('--') || origin.startsWith('BARLOOM_');
    const overridden = overrides && layout.archiveDir !== target ? origin : undefined;
    const { from, to, files, bytes, linked, copied, already, left, timesKept, stopped } = moved;
    return {
      exitCode: stopped ? stopCode(environment) : 0,
      ...(context.quiet && !stopped ? {} : { text: movedText(moved, overridden) }),
      document: {
        archive: {
          from,
          to,
          switched: !stopped,
          files,
          bytes,
          linked,
          copied,
          already,
          left,
          times_kept: timesKept,
        },
      },
    };
  } catch (error) {
    throw error instanceof MoveRefused ? new UsageError(error.message) : error;
  } finally {
    line.end();
  }
}
