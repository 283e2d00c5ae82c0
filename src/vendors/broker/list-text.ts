/**
 * The text of a broker's list, whatever program wrote it: UTF-8 with or without a mark, UTF-16, or Windows'
 * own alphabet.
 */

export interface ListText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1250';
}

export function decodeList(bytes: Uint8Array): ListText {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be');
  // A header is ASCII: every second byte is then 0, mark or no mark.
  if (second === 0 && first !== 0) return decoded(bytes, 'utf-16le');
  if (first === 0 && second !== 0) return decoded(bytes, 'utf-16be');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    // The brokers whose lists are not Unicode are Poland's.
    return decoded(bytes, 'windows-1250');
  }
}

function decoded(bytes: Uint8Array, encoding: ListText['encoding']): ListText {
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}
