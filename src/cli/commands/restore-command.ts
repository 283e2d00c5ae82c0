/** `barloom restore FILE.tar`: a backup's files, back into a data folder. `-` reads the tar from stdin. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { quotesFolder } from '#cli/options/quote-options.js';
import { progressLine } from '#cli/output/progress-line.js';
import { bytes, count, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { commandContext } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { makeFolder } from '#platform/disk/durable.js';
import { lockFolders } from '#store/folder/locks.js';
import { EXIT, stopCode } from '#tasks/exit-code.js';
import { checkRoom } from '#tasks/upkeep/files.js';
import { type Restored, restoreBackup } from '#tasks/upkeep/restore.js';
import { TarDamage } from '#tasks/upkeep/tar-entries.js';

export function restoreCommand(invocation: Invocation): Promise<number> {
  return reported('restore', invocation, () => restore(invocation));
}

async function restore({ args, flags, environment }: Invocation): Promise<CommandResult> {
  const context = await commandContext({ flags, environment });
  const { layout, now, quiet } = context;
  const given = args[0] ?? '';
  const file = given === '-' ? undefined : path.resolve(environment.cwd, given);
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file !== undefined && found?.isFile() !== true)
    throw new UsageError(`There is no file ${file}: name a tar that barloom backup wrote.`);
  const dryRun = flags['dryRun'] === true;
  const run = async (checkLock: () => Promise<void>): Promise<Restored | undefined> => {
    const line = progressLine('restore', context, environment);
    try {
      return await restoreBackup({
        layout,
        quotes: quotesFolder(context),
        tar: file === undefined ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 }),
        force: flags['force'] === true,
        dryRun,
        signal: environment.signal,
        progress: (done) => {
          if (found !== undefined) line.show(done, found.size);
        },
        checkLock,
      });
    } finally {
      line.end();
    }
  };
  let restored: Restored | undefined;
  try {
    if (dryRun) restored = await run(() => Promise.resolve());
    else {
      await makeFolder(layout.dataDir);
      if (found !== undefined) await checkRoom('the restored folder', found.size, layout.dataDir);
      const choice = lockChoice({ flags, environment });
      const locks = await lockFolders({ layout, command: 'restore', now, ...choice });
      try {
        restored = await run(locks.check);
      } finally {
        await locks.release();
      }
    }
  } catch (error) {
    if (!(error instanceof TarDamage)) throw error;
    const message = `${file ?? 'stdin'}: ${error.message}. Nothing was restored.`;
    environment.stderr(`barloom: ${safeText(message)}\n`);
    return { exitCode: EXIT.damage, message };
  }
  if (restored === undefined)
    return { exitCode: stopCode(environment), text: 'Stopped: nothing was restored.\n' };
  const { written, unchanged, kept } = restored;
  return {
    exitCode: kept.length > 0 && !dryRun ? EXIT.incomplete : 0,
    ...(quiet && kept.length === 0 ? {} : { text: restoredText(restored, layout.dataDir, dryRun) }),
    document: {
      restore: {
        file: file ?? null,
        data_dir: layout.dataDir,
        dry_run: dryRun,
        written: written.length,
        unchanged: unchanged.length,
        kept,
        bytes: restored.bytes,
        checked: restored.checked,
      },
    },
  };
}

const TOLD = 5;

function restoredText(
  { written, unchanged, kept, bytes: size, checked }: Restored,
  dataDir: string,
  dryRun: boolean,
): string {
  const lines = [
    `${safeText(dataDir)}: ${counted(written.length, 'file')}${dryRun ? ' would be' : ''} restored, ${bytes(size)}`,
    ...(unchanged.length > 0 ? [`${counted(unchanged.length, 'file')} as in the backup already`] : []),
    ...(checked ? [] : ['The backup has no checksums, an older barloom made it: run barloom verify --deep.']),
  ];
  if (kept.length > 0) {
    const names = kept.slice(0, TOLD).map(safeText).join(', ');
    const more = kept.length > TOLD ? ` and ${count(kept.length - TOLD)} more` : '';
    lines.push(
      `${counted(kept.length, 'file')} newer than in the backup and kept: ${names}${more}.`,
      '--force replaces them too.',
    );
  }
  return `${lines.join('\n')}\n`;
}
