/** `barloom backup FILE.tar`: the data folder as one tar file, or on stdout. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { confirm } from '#cli/confirm.js';
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { ownPlace } from '#cli/options/own-files.js';
import { quotesFolder } from '#cli/options/quote-options.js';
import { progressLine } from '#cli/output/progress-line.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { backupText } from '#cli/output/upkeep-text.js';
import { commandContext, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { removeLeftoversOf } from '#platform/disk/durable.js';
import { isReadOnly } from '#platform/disk/errors.js';
import { openOutput } from '#platform/disk/output-file.js';
import { lockHolder } from '#platform/lock/lock.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type OpenOptions, withDataFolder } from '#store/folder/open.js';
import { EXIT, stopCode } from '#tasks/exit-code.js';
import {
  type BackupPlan,
  checkSamePlan,
  planBackup,
  type TarSink,
  writeBackup,
} from '#tasks/upkeep/backup.js';
import { checkRoom } from '#tasks/upkeep/files.js';

export function backupCommand(invocation: Invocation): Promise<number> {
  return reported('backup', invocation, () => backup(invocation));
}

async function backup({ args, flags, environment }: Invocation): Promise<CommandResult> {
  const context = await commandContext({ flags, environment });
  requireData(context);
  const { layout, now, settings, json, quiet } = context;
  const given = args[0] ?? '';
  const toStdout = given === '-';
  if (toStdout && json)
    throw new UsageError('With - the tar file goes to stdout, where --json has no place.');
  if (toStdout && environment.stdoutTerminal)
    throw new UsageError(
      'A tar file is nothing for a terminal: say backup - | ssh HOST "cat > barloom.tar", or name a file.',
    );
  const file = path.resolve(environment.cwd, given);
  if (!toStdout && !(await mayWrite(file, layout, { flags, environment })))
    return { exitCode: stopCode(environment), text: `${given} was left as it is.\n` };
  const line = progressLine('backup', context, environment);
  const makePlan = () => planBackup(layout, quotesFolder(context), settings.texts('tickerFiles') ?? []);
  const write = async (check: (plan: BackupPlan) => Promise<void>) => {
    const plan = await makePlan();
    const sink = {
      progress: (bytes: number): void => line.show(bytes, plan.bytes),
      check: () => check(plan),
    };
    const complete = toStdout
      ? await writeBackup(plan, { write: writeStdout, ...sink }, environment.signal)
      : await writeFileDurably(file, plan, sink, environment);
    return { plan, complete };
  };
  try {
    const done = await unchanging(
      { layout, access: 'write', command: 'backup', now, ...lockChoice({ flags, environment }) },
      {
        locked: () => write(() => Promise.resolve()),
        unlocked: (check) => {
          if (!quiet)
            environment.stderr(
              `barloom: ${safeText(layout.dataDir)} cannot be written to, so there is no lock: it is looked at again afterwards\n`,
            );
          return write(async (plan) => {
            await check();
            checkSamePlan(plan, await makePlan());
          });
        },
      },
    );
    line.end();
    if (!done.complete)
      return { exitCode: stopCode(environment), text: toStdout ? '' : 'Stopped: no file was written.\n' };
    const text = backupText(toStdout ? undefined : file, done.plan);
    if (toStdout && !quiet) environment.stderr(text);
    return {
      exitCode: 0,
      ...(toStdout || quiet ? {} : { text }),
      document: { backup: { file, files: done.plan.entries.length, bytes: done.plan.bytes } },
    };
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
    environment.stderr('barloom: whoever read stdout has gone before the end: the backup is not whole\n');
    return { exitCode: EXIT.disk, message: 'the reader of stdout has gone' };
  } finally {
    line.end();
  }
}

/**
 * Under the lock, where one can be made. A folder that is read-only, on the whole or for this user, has none:
 * then whoever may write to it after all must not be doing so, neither before nor (`check`) after its files
 * were read.
 */
async function unchanging<T>(
  options: OpenOptions,
  body: {
    readonly locked: () => Promise<T>;
    readonly unlocked: (check: () => Promise<void>) => Promise<T>;
  },
): Promise<T> {
  let isLocked = false;
  try {
    return await withDataFolder(options, async (folder) => {
      isLocked = true;
      // The journal of a run that was killed: folded in, there is one file to keep.
      await folder.save();
      return body.locked();
    });
  } catch (error) {
    if (isLocked || !isReadOnly(error)) throw error;
  }
  const check = async (): Promise<void> => {
    const held = options.breakLock === true ? undefined : await lockHolder(options.layout.dataDir);
    if (held !== undefined) throw held.refusal;
  };
  await check();
  return body.unlocked(check);
}

/** Whether to go on. Throws UsageError where the name is none for a backup. */
async function mayWrite(
  file: string,
  layout: FolderLayout,
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
): Promise<boolean> {
  if (/\.(?:gz|tgz|zst|tzst|xz|txz|bz2|tbz2?|lz4|zip|7z|br)$/i.test(file))
    throw new UsageError(
      `${file}: barloom writes a plain tar, since the archive is compressed already. Give a name that ends in .tar.`,
    );
  const folder = await realpath(path.dirname(file)).catch(() => undefined);
  if (folder === undefined)
    throw new UsageError(
      `There is no folder ${path.dirname(file)}: make it first, if the drive is really there.`,
    );
  const refusal = ownPlace(file, layout);
  if (refusal !== undefined) throw new UsageError(refusal);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return true;
  if (!found.isFile()) throw new UsageError(`${file} is no file: give the name of one.`);
  return confirm(`${file} is there already. Replace it?`, flags, environment);
}

/**
 * Under a temporary name beside it, which it loses when it is whole and durable. False where it was stopped.
 */
async function writeFileDurably(
  file: string,
  plan: BackupPlan,
  reports: Omit<TarSink, 'write'>,
  environment: Environment,
): Promise<boolean> {
  const folder = path.dirname(file);
  await removeLeftoversOf(file);
  await checkRoom('the backup', plan.bytes, folder);
  const output = await openOutput(file);
  return environment.tidied(output.drop, async () => {
    try {
      const complete = await writeBackup(plan, { write: output.write, ...reports }, environment.signal);
      if (complete) await output.finish();
      return complete;
    } finally {
      // What has its name by now is not there under the other.
      await output.abandon();
    }
  });
}

class ReaderGone extends Error {}

function writeStdout(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => {
      if (error === undefined || error === null) resolve();
      else reject((error as NodeJS.ErrnoException).code === 'EPIPE' ? new ReaderGone() : error);
    });
  });
}
