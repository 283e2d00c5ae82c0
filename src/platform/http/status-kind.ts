/**
 * What the status of an answer says that is no success. Source: RFC 9110, section 15; RFC 6585, section 4
 * (429).
 */

import type { SourceErrorKind } from './source-error.js';

const KINDS: ReadonlyMap<number, SourceErrorKind> = new Map([
  // 302, 303 and 307 may be of the moment, 301 and 308 are for good (section 15.4).
  [301, 'configuration'],
  [308, 'configuration'],
  [401, 'unauthenticated'],
  [403, 'denied'],
  [404, 'not-found'],
  [408, 'network'],
  [412, 'changed'],
  [416, 'changed'],
  [429, 'throttled'],
  [503, 'throttled'],
]);

export function kindOfStatus(status: number): SourceErrorKind {
  const other = status >= 400 && status < 500 ? 'configuration' : 'server';
  return KINDS.get(status) ?? other;
}
