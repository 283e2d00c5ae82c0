/** A quote's line out of the bytes of a page, in the order of a line's columns. */
import type { QuoteLines } from '#market/quotes/quote-lines.js';
import { PLACE } from './scan-quote.js';
import type { Clock } from './scan-stamp.js';

const [QUOTE, COMMA, ZERO, BLANK, NEWLINE] = [34, 44, 48, 32, 10];
const { ap: AP, as: AS, ax: AX, bp: BP, bs: BS, bx: BX, c: C, z: TAPE } = PLACE;

/** Of seconds since 2001, below 2^31 of them. */
const SECOND_DIGITS = 10;

/** The beginning of a line. */
export function writeMoment({ seconds, nanoseconds }: Clock, ord: number, lines: QuoteLines): void {
  const { target } = lines;
  writeDigits(target, lines.at, seconds, SECOND_DIGITS);
  writeDigits(target, lines.at + SECOND_DIGITS, nanoseconds, 9);
  let at = lines.at + SECOND_DIGITS + 9;
  target[at++] = COMMA;
  if (ord < 10) target[at++] = ZERO + ord;
  else at += target.write(String(ord), at, 'latin1');
  lines.at = at;
}

function writeDigits(target: Buffer, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    target[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}

/** The rest of a line, in the order of its columns. */
export function writeSides(page: Buffer, places: Int32Array, lines: QuoteLines): void {
  const { target } = lines;
  let { at } = lines;
  at = copyNumber(page, places, BP, target, at);
  at = copyNumber(page, places, BS, target, at);
  at = copyText(page, places, BX, target, at);
  at = copyNumber(page, places, AP, target, at);
  at = copyNumber(page, places, AS, target, at);
  at = copyText(page, places, AX, target, at);
  at = copyList(page, places[C] ?? -1, places[C + 1] ?? -1, target, at);
  at = copyText(page, places, TAPE, target, at);
  target[at++] = COMMA;
  target[at++] = NEWLINE;
  lines.at = at;
}

function copyNumber(page: Buffer, places: Int32Array, key: number, target: Buffer, start: number): number {
  let at = start;
  target[at++] = COMMA;
  const end = places[key + 1] ?? -1;
  for (let i = places[key] ?? -1; i >= 0 && i < end; i++) target[at++] = page[i] ?? 0;
  return at;
}

/** A blank is an exchange that there is none of. */
function copyText(page: Buffer, places: Int32Array, key: number, target: Buffer, start: number): number {
  let at = start;
  target[at++] = COMMA;
  const begin = (places[key] ?? -1) + 1;
  const end = (places[key + 1] ?? -1) - 1;
  if (begin <= 0 || (end - begin === 1 && page[begin] === BLANK)) return at;
  for (let i = begin; i < end; i++) target[at++] = page[i] ?? 0;
  return at;
}

/** `["R"]` is R; several are between quotes, with commas between them. */
function copyList(page: Buffer, begin: number, end: number, target: Buffer, start: number): number {
  let at = start;
  target[at++] = COMMA;
  if (begin < 0) return at;
  let texts = 1;
  for (let i = begin; i < end; i++) if (page[i] === COMMA) texts++;
  if (texts > 1) target[at++] = QUOTE;
  for (let i = begin + 1; i < end - 1; i++) if (page[i] !== QUOTE) target[at++] = page[i] ?? 0;
  if (texts > 1) target[at++] = QUOTE;
  return at;
}
