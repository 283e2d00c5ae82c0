/**
 * Alpaca's key pair: APCA_API_KEY_ID and APCA_API_SECRET_KEY, else the section [alpaca] of
 * `~/.config/barloom/credentials`, a file that nobody else may read. Never a flag. No value enters a message.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '#platform/disk/read-whole.js';
import { SourceError } from '#platform/http/source-error.js';
import { parseIni } from '#vendors/keys/ini.js';

export interface AlpacaKeys {
  readonly id: string;
  readonly secret: string;
}

export interface AlpacaKeysRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The section; default: alpaca. */
  readonly profile?: string | undefined;
}

const ID = 'APCA_API_KEY_ID';
const SECRET = 'APCA_API_SECRET_KEY';
const MOST_BYTES = 1 << 20;

export function credentialsFile({ env, home }: Pick<AlpacaKeysRequest, 'env' | 'home'>): string {
  return path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'barloom', 'credentials');
}

/** Throws SourceError 'unauthenticated' where there are none, half of them, or what can be none. */
export async function findAlpacaKeys(request: AlpacaKeysRequest): Promise<AlpacaKeys> {
  const { env, profile = 'alpaca' } = request;
  const fromEnvironment = pairOf(env[ID], env[SECRET], 'the environment');
  if (fromEnvironment !== undefined) return fromEnvironment;
  const file = credentialsFile(request);
  const section = await sectionOf(file, profile);
  const where = `[${profile}] of ${file}`;
  const found = pairOf(section?.get(ID.toLowerCase()), section?.get(SECRET.toLowerCase()), where);
  if (found !== undefined) return found;
  throw new SourceError(
    'unauthenticated',
    `no keys of Alpaca's: set ${ID} and ${SECRET}, or write them (in lower case) into ${where}; --sandbox needs none`,
  );
}

function pairOf(id: string | undefined, secret: string | undefined, where: string): AlpacaKeys | undefined {
  const [one, other] = [id?.trim() ?? '', secret?.trim() ?? ''];
  if (one === '' && other === '') return undefined;
  if (one === '' || other === '')
    throw new SourceError(
      'unauthenticated',
      `half a key pair in ${where}: ${one === '' ? ID : SECRET} is missing`,
    );
  // As parts of a header; what stands there by mistake is not shown.
  for (const [name, value] of [
    [ID, one],
    [SECRET, other],
  ] as const)
    if (!/^[\x21-\x7e]+$/.test(value))
      throw new SourceError('unauthenticated', `${name} in ${where} holds blanks or signs that no key has`);
  return { id: one, secret: other };
}

async function sectionOf(file: string, profile: string): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new SourceError('unauthenticated', `others may read ${file}: run chmod 600 on it`);
    return parseIni((await readWhole(file, MOST_BYTES, 'wait')).toString('utf8')).get(profile);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SourceError('unauthenticated', `the file ${file} with the keys cannot be read (${code})`);
  }
}
