/**
 * Where a quote's values stand in the bytes of a page. Plain ones alone: no exponent, no escape, nothing unknown.
 */

const [QUOTE, COMMA, DOT, MINUS, ZERO, NINE, COLON, BACKSLASH] = [34, 44, 46, 45, 48, 57, 58, 92];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, BLANK, LAST_PLAIN] = [123, 125, 91, 93, 32, 126];

/** Places of a quote's values in the page, by their keys: begin and end of each. */
export const PLACE = { ap: 0, as: 2, ax: 4, bp: 6, bs: 8, bx: 10, c: 12, t: 14, z: 16 } as const;
export const PLACES = 18;
export const STAMP_PLACE = PLACE.t;
const { ap: AP, as: AS, ax: AX, bp: BP, bx: BX, c: C, t: T, z: TAPE } = PLACE;

/** Returns the place behind the quote's brace, or -1. */
export function scanQuote(page: Buffer, from: number, places: Int32Array): number {
  let at = from;
  if (page[at++] !== OPEN) return -1;
  for (;;) {
    if (page[at++] !== QUOTE) return -1;
    const key = keyOf(page, at);
    if (key < 0 || places[key] !== -1) return -1;
    at += key === C || key === T || key === TAPE ? 1 : 2;
    if (page[at] !== QUOTE || page[at + 1] !== COLON) return -1;
    const begin = at + 2;
    at =
      key === C
        ? listEnd(page, begin)
        : key === AX || key >= T || key === BX
          ? textEnd(page, begin)
          : numberEnd(page, begin);
    if (at < 0) return -1;
    places[key] = begin;
    places[key + 1] = at;
    const sign = page[at++];
    if (sign === CLOSE) return at;
    if (sign !== COMMA) return -1;
  }
}

/** `ap`, `as`, `ax`, `bp`, `bs`, `bx`, `c`, `t`, `z`. */
function keyOf(page: Buffer, at: number): number {
  const first = page[at];
  if (first === 99) return C;
  if (first === 116) return T;
  if (first === 122) return TAPE;
  const side = first === 97 ? AP : first === 98 ? BP : -1;
  const second = page[at + 1];
  if (side < 0) return -1;
  return second === 112 ? side : second === 115 ? side + AS : second === 120 ? side + AX : -1;
}

/** Digits with at most one point within them. */
function numberEnd(page: Buffer, from: number): number {
  let at = page[from] === MINUS ? from + 1 : from;
  let points = 0;
  const first = at;
  for (; ; at++) {
    const sign = page[at] ?? 0;
    if (sign === DOT) points++;
    else if (sign < ZERO || sign > NINE) break;
  }
  const isNumber = at > first && points <= 1 && page[first] !== DOT && page[at - 1] !== DOT;
  const hasZeros = page[first] === ZERO && at > first + 1 && page[first + 1] !== DOT;
  return isNumber && !hasZeros ? at : -1;
}

/** Between quotes, nothing that a line would have to quote. */
function textEnd(page: Buffer, from: number): number {
  if (page[from] !== QUOTE) return -1;
  for (let at = from + 1; ; at++) {
    const sign = page[at] ?? 0;
    if (sign === QUOTE) return at + 1;
    if (sign < BLANK || sign > LAST_PLAIN || sign === BACKSLASH || sign === COMMA) return -1;
  }
}

/** A list of texts, none of them empty or with blanks. */
function listEnd(page: Buffer, from: number): number {
  if (page[from] !== OPEN_LIST) return -1;
  let at = from + 1;
  for (;;) {
    const end = textEnd(page, at);
    if (end < at + 3) return -1;
    for (let i = at; i < end; i++) if (page[i] === BLANK) return -1;
    if (page[end] === CLOSE_LIST) return end + 1;
    if (page[end] !== COMMA) return -1;
    at = end + 1;
  }
}
