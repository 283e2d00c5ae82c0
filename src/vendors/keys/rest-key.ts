/**
 * Finds the key of the REST API: the environment, else the user's credentials file, an INI that nobody else
 * may read. It is another key than the flat files' pair, and no value of it ever enters a message.
 */
import { SourceError } from '#platform/http/source-error.js';
import { type CredentialsPlace, credentialsFile, credentialsSection } from './credentials-file.js';

export interface FoundRestKey {
  readonly key: string;
  /** For people: the variable's name, or the file's path. */
  readonly from: string;
}

export type RestKeyRequest = CredentialsPlace;

/** The vendor's own programs read these; the second is from before it was renamed. */
const VARIABLES = ['MASSIVE_API_KEY', 'POLYGON_API_KEY'] as const;

/**
 * Undefined where there is none. Throws SourceError 'unauthenticated' for a file that others may read, and for
 * what can be no key.
 */
export async function findRestKey(request: RestKeyRequest): Promise<FoundRestKey | undefined> {
  for (const name of VARIABLES) {
    const key = request.env[name]?.trim();
    if (key !== undefined && key !== '') return checked({ key, from: name });
  }
  const key = (await credentialsSection(request, 'massive'))?.get('api_key')?.trim();
  return key === undefined || key === '' ? undefined : checked({ key, from: credentialsFile(request) });
}

/** It becomes a header: what stands there by mistake is not sent. */
function checked(found: FoundRestKey): FoundRestKey {
  if (!/^[\x21-\x7e]+$/.test(found.key))
    throw new SourceError(
      'unauthenticated',
      `the key in ${found.from} holds blanks or signs that no key has: copy it there again`,
    );
  return found;
}

/** Where there is no key at all. */
export function noRestKey(request: RestKeyRequest): SourceError {
  return new SourceError(
    'unauthenticated',
    'no key for the REST API (it is another one than the S3 pair): copy it from https://massive.com/dashboard/keys and set ' +
      `MASSIVE_API_KEY, or write api_key = … under [massive] into ${credentialsFile(request)} (chmod 600); --sandbox needs none`,
  );
}
