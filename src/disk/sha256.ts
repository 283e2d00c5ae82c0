/** SHA-256, with the crypto module loaded when the first hash is made: `add` starts quicker without it. */
import { createRequire } from 'node:module';

let crypto: typeof import('node:crypto') | undefined;

/** In hex; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  crypto ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  return crypto.createHash('sha256').update(content).digest('hex');
}
