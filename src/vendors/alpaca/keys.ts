/**
 * Alpaca's key pair: APCA_API_KEY_ID and APCA_API_SECRET_KEY, else the section [alpaca] of
 * `~/.config/barloom/credentials`, a file that nobody else may read. Never a flag. No value enters a message.
 */
import { SourceError } from '#platform/http/source-error.js';
import {
  type CredentialsPlace,
  credentialsFile,
  credentialsSection,
} from '#vendors/keys/credentials-file.js';

export interface AlpacaKeys {
  readonly id: string;
  readonly secret: string;
}

const ID = 'APCA_API_KEY_ID';
const SECRET = 'APCA_API_SECRET_KEY';
const SECTION = 'alpaca';

/** Throws SourceError 'unauthenticated' where there are none, half of them, or what can be none. */
export async function findAlpacaKeys(request: CredentialsPlace): Promise<AlpacaKeys> {
  const { env } = request;
  const fromEnvironment = pairOf(env[ID], env[SECRET], 'the environment');
  if (fromEnvironment !== undefined) return fromEnvironment;
  const section = await credentialsSection(request, SECTION);
  const where = `[${SECTION}] of ${credentialsFile(request)}`;
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
