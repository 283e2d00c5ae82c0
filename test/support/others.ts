/**
 * Servers and programs of others. A test that needs one runs wherever it is there, and is skipped elsewhere
 * with the reason in its name:
 *
 *     describeWith('Ceph RGW', () => { … });
 *
 * others.json names the programs of each, and the Debian packages that `.ci/run` installs for it.
 */
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import others from './others.json' with { type: 'json' };

export type Other = keyof typeof others;

/** Tests of `body` need `other`, which their title begins with. */
export function describeWith(other: Other, body: () => void): void {
  const missing = missingPrograms(others[other].programs);
  const reason = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not installed)`;
  describe.skipIf(missing.length > 0)(`${other}${reason}`, body);
}

export function missingPrograms(programs: readonly string[]): readonly string[] {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...serverFolders()];
  return programs.filter((program) => !folders.some((folder) => isExecutable(path.join(folder, program))));
}

/** Debian keeps a PostgreSQL server's programs out of the PATH. */
function serverFolders(): readonly string[] {
  const versions = '/usr/lib/postgresql';
  try {
    return readdirSync(versions).map((version) => path.join(versions, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
