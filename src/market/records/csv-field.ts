/**
 * A field of a record written as a field of ours: quoted only where it must be (RFC 4180), useless zeros
 * behind a decimal point dropped.
 */

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/**
 * Writes `bytes[start..end)` at `at`, where there must be twice its length and two bytes of room. Returns its
 * end.
 */
export function writeField(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const last = needsQuotes(bytes, start, end) ? -1 : endOfNumber(bytes, start, end);
  let to = at;
  if (last >= 0) {
    for (let i = start; i < last; i++) target[to++] = bytes[i] as number;
    return to;
  }
  target[to++] = QUOTE;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) target[to++] = QUOTE;
    target[to++] = byte;
  }
  target[to++] = QUOTE;
  return to;
}

function needsQuotes(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === COMMA || byte === QUOTE || byte === 10 || byte === 13) return true;
  }
  return false;
}

/** Without the zeros that say nothing, where it is a number with a point; otherwise its end. */
function endOfNumber(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[end - 1] !== ZERO) return end;
  let points = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === POINT) points++;
    else if (byte < ZERO || byte > NINE) return end;
  }
  if (points !== 1 || bytes[start] === POINT) return end;
  let last = end;
  while (bytes[last - 1] === ZERO) last--;
  return bytes[last - 1] === POINT ? last - 1 : last;
}
