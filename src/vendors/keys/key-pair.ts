/** A key pair as people write it down: checked, and never in a message. */
import { SourceError } from '#platform/http/source-error.js';
import type { KeyPair } from '#platform/s3/settings.js';

/**
 * Undefined where neither is there. Throws SourceError 'unauthenticated' for half a pair, a placeholder, or what
 * can be no key.
 */
export function keyPair(
  parts: {
    readonly id: readonly [name: string, value: string | undefined];
    readonly secret: readonly [name: string, value: string | undefined];
    readonly token: string | undefined;
  },
  where: string,
): KeyPair | undefined {
  const accessKeyId = nonEmpty(parts.id[1]);
  const secretAccessKey = nonEmpty(parts.secret[1]);
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const [missing, given] =
      accessKeyId === undefined ? [parts.id[0], parts.secret[0]] : [parts.secret[0], parts.id[0]];
    throw new SourceError(
      'unauthenticated',
      `Half a key pair in ${where}: ${given} is set, ${missing} is not.`,
    );
  }
  for (const [name, value] of [parts.id, parts.secret]) {
    if (isPlaceholder(value ?? '')) {
      throw new SourceError(
        'unauthenticated',
        `${name} in ${where} was never filled in: it still holds the example's placeholder. Put your own S3 key there.`,
      );
    }
  }
  const sessionToken = nonEmpty(parts.token);
  for (const [name, value] of [parts.id, parts.secret, ['session token', sessionToken] as const]) {
    if (value !== undefined && !/^[\x21-\x7e]+$/.test(value.trim())) {
      throw new SourceError(
        'unauthenticated',
        `${name} in ${where} holds blanks or signs that no key has: copy it there again.`,
      );
    }
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What examples and templates write where the user's key belongs. */
function isPlaceholder(value: string): boolean {
  return /^(your[_ -].*|<.*>|x{4,}|\.{3,}|change[_ -]?me|replace[_ -]me)$/i.test(value);
}

export function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
