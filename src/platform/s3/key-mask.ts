/** Keeps the keys out of what a server says: it has seen key id and session token, and may send them back. */
import { SourceError } from '#platform/http/source-error.js';
import type { KeyPair } from './settings.js';

/** Shorter ones are words that stand everywhere; they guard nothing but sandboxes. */
const SHORTEST = 8;

export interface KeyMask {
  hides(text: string): boolean;
  /** The same error, where it shows no key. */
  error(error: unknown): unknown;
}

export function keyMask({ accessKeyId, secretAccessKey, sessionToken }: KeyPair): KeyMask {
  // An error's name is cut and stripped of signs (refusal.ts), and so are they.
  const keys = [accessKeyId, secretAccessKey, sessionToken ?? '']
    .flatMap((key) => [key, key.replaceAll(/[^\w.-]/g, '').slice(0, 64)])
    .filter((key) => key.length >= SHORTEST);
  const masked = (text: string): string => keys.reduce((rest, key) => rest.replaceAll(key, '…'), text);
  const hides = (text: string): boolean => masked(text) !== text;
  return {
    hides,
    error: (error) =>
      error instanceof SourceError && (hides(error.message) || hides(JSON.stringify(error.cause ?? null)))
        ? new SourceError(error.kind, masked(error.message), {
            status: error.status,
            retryAfterMs: error.retryAfterMs,
          })
        : error,
  };
}
