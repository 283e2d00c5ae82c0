/** The check of a text: its CRC-32 as eight hex digits, by which a byte that was changed is noticed. */
import { crc32 } from 'node:zlib';

export function checkOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
