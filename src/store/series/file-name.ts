/**
 * A ticker as a file name, and back. Different tickers have different names on every file system, also on one
 * that takes `a` for `A`, and no ticker can name a file outside the folder, a hidden one or one that Windows
 * keeps for a device (DESIGN, "File names").
 *
 * `A-Z 0-9 . -` stand for themselves, a lower-case letter is written with `_` before it, every other byte of
 * the UTF-8 as `%XX`, and so is a leading dot and the first letter of a name such as `CON.WS`. The empty
 * ticker is `%`. A name of over 180 bytes is shortened and ends in `~` and 32 hex digits of the SHA-256 of
 * the name in full; of these alone there is no way back.
 */

import type { SeriesForm } from '#market/datasets/series-form.js';
import { sha256 } from '#platform/disk/sha256.js';

/**
 * Of the 255 bytes that file systems allow, this leaves 75 for the series' suffix and that of a temporary
 * name.
 */
const MAX_BYTES = 180;
const HASH_DIGITS = 32;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved whatever follows the first dot.
 */
const DEVICE = /^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)\./;
const PLAIN = /^[A-Z0-9-][A-Z0-9.-]*$/;
const TOKEN = /%[0-9A-F]{2}|_[a-z]|[A-Z0-9.-]/y;

/**
 * The name, in ASCII, of at most 180 bytes. A suffix that begins with `_` has to follow: alone, `CON` were a
 * device. A half of a surrogate pair, which no UTF-8 text holds, is written by its three bytes as if it were
 * a character, so it collides with nothing.
 */
export function encodeTicker(ticker: string): string {
  if (ticker.length <= MAX_BYTES && PLAIN.test(ticker) && !DEVICE.test(ticker)) return ticker;
  if (ticker === '') return '%';
  const plain = Array.from(ticker, encodeCharacter).join('');
  const name =
    plain.startsWith('.') || DEVICE.test(plain) ? escapeByte(plain.charCodeAt(0)) + plain.slice(1) : plain;
  return name.length <= MAX_BYTES ? name : shorten(name);
}

/**
 * The ticker of an encoded name; undefined where `encodeTicker` gives that name to none, or where it ends in
 * a hash.
 */
export function decodeTicker(name: string): string | undefined {
  if (name === '%') return '';
  const bytes: number[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < name.length) {
    const token = TOKEN.exec(name)?.[0];
    if (token === undefined) return undefined;
    bytes.push(
      token.startsWith('%') ? Number.parseInt(token.slice(1), 16) : token.charCodeAt(token.length - 1),
    );
  }
  try {
    const ticker = UTF8.decode(Uint8Array.from(bytes));
    return ticker !== '' && encodeTicker(ticker) === name ? ticker : undefined;
  } catch {
    return undefined;
  }
}

type Names = Pick<SeriesForm, 'prefix' | 'suffix'>;

/**
 * Before the name of a ticker that lacks the dataset's prefix: `I:SPX` is `SPX_1d_data.csv`, and a mere `SPX`
 * would be `~SPX_1d_data.csv`.
 */
const WITHOUT_PREFIX = '~';

/** `BApA` is `BA_pA_1d_data.csv`, the index `I:SPX` is `SPX_1d_data.csv`. */
export function seriesFileName(ticker: string, { prefix, suffix }: Names): string {
  return ticker.startsWith(prefix)
    ? encodeTicker(ticker.slice(prefix.length)) + suffix
    : WITHOUT_PREFIX + encodeTicker(ticker) + suffix;
}

/** The inverse of `seriesFileName`; undefined for a file that is no series of that form. */
export function tickerOfFileName(fileName: string, { prefix, suffix }: Names): string | undefined {
  if (!fileName.endsWith(suffix)) return undefined;
  const name = fileName.slice(0, fileName.length - suffix.length);
  const isWithout = prefix !== '' && name.startsWith(WITHOUT_PREFIX);
  const ticker = decodeTicker(isWithout ? name.slice(WITHOUT_PREFIX.length) : name);
  if (ticker === undefined) return undefined;
  if (!isWithout) return prefix + ticker;
  return ticker.startsWith(prefix) ? undefined : ticker;
}

function encodeCharacter(character: string): string {
  if (/^[A-Z0-9.-]$/.test(character)) return character;
  if (/^[a-z]$/.test(character)) return `_${character}`;
  const code = character.codePointAt(0) ?? 0;
  const bytes =
    code >= 0xd800 && code <= 0xdfff
      ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
      : [...Buffer.from(character, 'utf8')];
  return bytes.map(escapeByte).join('');
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Cut between tokens, so that what is left of the name still reads; `~` stands in no other name. */
function shorten(name: string): string {
  const room = MAX_BYTES - HASH_DIGITS - 1;
  const head = name.slice(0, room).replace(/(?:%.?|_)$/, '');
  return `${head}~${sha256(name).slice(0, HASH_DIGITS)}`;
}
