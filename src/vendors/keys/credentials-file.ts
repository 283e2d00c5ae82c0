/**
 * The user's own file of keys, an INI that nobody else may read: `$XDG_CONFIG_HOME/barloom/credentials`. For keys
 * that no other program has a place for, and for cron.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { SourceError } from '#platform/http/source-error.js';
import { parseIni } from './ini.js';

export interface CredentialsPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

const MOST_BYTES = 1 << 20;

export function credentialsFile({ env, home }: CredentialsPlace): string {
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'barloom', 'credentials');
}

/**
 * What stands in a section, by names in lower case; undefined where there is none such. Throws SourceError
 * 'unauthenticated' where others may read it, or the disk's error.
 */
export async function credentialsSection(
  place: CredentialsPlace,
  section: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const file = credentialsFile(place);
  const text = await readTextIfThere(file, MOST_BYTES);
  const found = text === undefined ? undefined : parseIni(text).get(section);
  if (found === undefined) return undefined;
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new SourceError('unauthenticated', `${file} holds a key and others may read it: chmod 600 ${file}`);
  return found;
}
