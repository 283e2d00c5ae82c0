/**
 * What the error of a socket or of HTTP's parser means: the network's trouble, the server's, or a bug of
 * ours.
 */

import { certificateTrouble } from './certificate-trouble.js';
import { SourceError } from './source-error.js';

/**
 * @param what was asked, such as `GET a/b`.
 * @returns a SourceError, or the error unchanged where it came from neither the network nor the server.
 */
export function connectionError(error: Error, what: string, endpoint: string): Error {
  const given: unknown = Reflect.get(error, 'code') ?? Reflect.get(error, 'Code');
  const code = typeof given === 'string' ? safeName(given) : undefined;
  if (code === undefined && !isConnectionTrouble(error)) return error;
  if (code?.startsWith('ERR_INVALID') === true) return error;
  const untrusted = code === undefined ? undefined : certificateTrouble(code, endpoint);
  if (untrusted !== undefined)
    return new SourceError('configuration', `${what}: ${untrusted}.`, { cause: { code } });
  const name = safeName(error.name);
  const garbled = code?.startsWith('HPE_') === true;
  return new SourceError(
    garbled ? 'server' : 'network',
    `${what}: ${garbled ? 'no HTTP answer' : 'the connection failed'} at ${endpoint} (${code ?? name}).`,
    { cause: { name, status: undefined, code } },
  );
}

/**
 * A name that came from a server and reaches the terminal: letters, digits and a little punctuation, at most
 * 64 of them.
 */
export function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '').slice(0, 64) || 'Error';
}

function isConnectionTrouble(error: Error): boolean {
  return error.name === 'TimeoutError' || /aborted|socket hang up|premature close/i.test(error.message);
}
