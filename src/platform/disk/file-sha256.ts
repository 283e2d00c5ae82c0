/** SHA-256 of a whole file, a stretch at a time. */
import { createReadStream } from 'node:fs';
import { newSha256 } from './sha256.js';

const STRETCH = 1 << 20;

export async function fileSha256(file: string): Promise<string> {
  const hash = newSha256();
  for await (const chunk of createReadStream(file, { highWaterMark: STRETCH })) hash.update(chunk as Buffer);
  return hash.digest();
}
