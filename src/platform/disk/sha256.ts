/** SHA-256, with the crypto module loaded when the first hash is made: `add` starts quicker without it. */
import { createRequire } from 'node:module';

let crypto: typeof import('node:crypto') | undefined;

/** In hex; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  const hash = newSha256();
  hash.update(content);
  return hash.digest();
}

export interface Sha256 {
  update(part: string | Uint8Array): void;
  /** In hex. Once. */
  digest(): string;
}

/** Of what comes in parts. */
export function newSha256(): Sha256 {
  crypto ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  const hash = crypto.createHash('sha256');
  return {
    update: (part) => {
      hash.update(part);
    },
    digest: () => hash.digest('hex'),
  };
}

/** Of content that may be put together while it is read. */
export async function sha256Of(
  content: string | Uint8Array | (() => AsyncIterable<Uint8Array>),
): Promise<string> {
  if (typeof content !== 'function') return sha256(content);
  const hash = newSha256();
  for await (const part of content()) hash.update(part);
  return hash.digest();
}
