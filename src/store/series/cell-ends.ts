/** Where a cell of our own form ends. -1 for what our own form never holds. */

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;

/** Behind a number in the form that `plainDecimal` gives, or -1. */
export function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = endOfDigits(bytes, start);
  if (at === start || (bytes[start] === ZERO && at > start + 1)) return -1;
  if (bytes[at] !== POINT) return at;
  const fraction = at + 1;
  at = endOfDigits(bytes, fraction);
  return at === fraction || bytes[at - 1] === ZERO ? -1 : at;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  // Unsigned, so that whatever is below a zero is above a nine.
  while (((bytes[at] ?? 0) - ZERO) >>> 0 <= 9) at++;
  return at;
}

/**
 * Behind ASCII without spaces round it, quoted where and only where that is needed (`"12,37"`), or nothing;
 * -1 for anything else.
 */
export function endOfWord(bytes: Uint8Array, start: number): number {
  if (bytes[start] === QUOTE) return endOfQuoted(bytes, start);
  let at = start;
  for (let byte = bytes[at] ?? 0; byte >= SPACE && byte < 127 && byte !== COMMA; byte = bytes[++at] ?? 0)
    if (byte === QUOTE) return -1;
  return at > start && (bytes[start] === SPACE || bytes[at - 1] === SPACE) ? -1 : at;
}

function endOfQuoted(bytes: Uint8Array, start: number): number {
  let isNeeded = false;
  for (let at = start + 1; ; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      if (bytes[at + 1] !== QUOTE)
        return isNeeded && !isBlank(bytes, start + 1) && !isBlank(bytes, at - 1) ? at + 1 : -1;
      at++;
    }
    if (byte === QUOTE || byte === COMMA || byte === NEWLINE) isNeeded = true;
    else if (byte < SPACE || byte >= 127) return -1;
  }
}

function isBlank(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === SPACE || bytes[at] === NEWLINE;
}
