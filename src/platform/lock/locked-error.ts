/** Another run holds the lock, in a sentence: who, and what to do. */
import path from 'node:path';
import { type Liveness, type LockHolder, parseHolder } from './lock-holder.js';

/** What is locked, as a message names it. */
export type LockedFolder = 'data' | 'archive' | 'lake' | 'matching' | 'tables' | 'quotes';

/** Another run holds the lock. Exit 11. */
export class LockedError extends Error {
  /** What is in use, and by whom: the first sentence of the message. */
  readonly inUse: string;

  constructor(inUse: string, advice: string) {
    super(`${inUse} ${advice}`);
    this.name = 'LockedError';
    this.inUse = inUse;
  }
}

/** What gives a run another folder, where that is not the data folder's option. */
const OTHERWISE: Readonly<Partial<Record<LockedFolder, string>>> = {
  archive: '--archive-dir',
  matching: '--state',
};

/** `liveness` undefined: the lock file cannot be read. */
export function lockedError(
  file: string,
  holder: LockHolder | undefined,
  liveness: Liveness | undefined,
  { what, force, host }: { readonly what: LockedFolder; readonly force: boolean; readonly host: string },
): LockedError {
  const folder = what === 'data' ? 'This data folder' : `The ${what} folder ${path.dirname(file)}`;
  if (holder === undefined) {
    return new LockedError(
      `${folder} is in use by an unreadable lock file, ${file}.`,
      'If no barloom is at work there, remove that file.',
    );
  }
  return new LockedError(
    `${folder} is in use by ${nameOf(holder)}.`,
    adviceFor(holder, liveness, { what, force, host }),
  );
}

function nameOf({ command, pid, host, since }: LockHolder): string {
  return `barloom ${command} (pid ${pid} on ${host}, since ${since})`;
}

function adviceFor(
  { pid, host }: LockHolder,
  liveness: Liveness | undefined,
  mine: { readonly what: LockedFolder; readonly force: boolean; readonly host: string },
): string {
  if (liveness === 'elsewhere') {
    const where =
      host === mine.host
        ? 'That is another container, or another machine of the same name, and its processes cannot be seen from here.'
        : 'The processes of that host cannot be seen from here.';
    return `${where} If that run is certainly dead, say --break-lock.`;
  }
  if (mine.force) return `It is alive, and --break-lock is for dead ones: end it first (kill ${pid}).`;
  const unless = liveness === 'perhaps' ? ` If process ${pid} is no barloom, say --break-lock.` : '';
  return `Wait for it to finish, or give this run another ${OTHERWISE[mine.what] ?? '--data-dir'}; --wait-lock waits by itself.${unless}`;
}

/** For a run whose lock is somebody else's by now, or gone. `current`: what stands in the lock file. */
export function lostLock(file: string, current: string | undefined): LockedError {
  const holder = parseHolder(current ?? '');
  const who = holder === undefined ? 'was removed' : `was taken by ${nameOf(holder)}`;
  return new LockedError(
    `The lock of this run, ${file}, ${who} while it was at work.`,
    'It stops here; what it has recorded is whole: run the same command again.',
  );
}
