/**
 * Quotes as Alpaca's JSON, written straight into a buffer: keys in alphabetical order, numbers in Go's shortest
 * form, stamps without zeros at their end, a blank for the exchange of a side that lacks.
 */
import { writeMinimal, writeWhole } from '#sandbox/market/bar-writer.js';
import type { DayQuote, QuoteDay } from './quote-day.js';
import type { AlpacaSymbol } from './symbols.js';

/** Bytes of the longest quote. */
export const MOST_QUOTE_BYTES = 160;

const KEYS = ['{"ap":', ',"as":', ',"ax":"', '","bp":', ',"bs":', ',"bx":"', '","c":["', '"],"t":"'].map(
  (text) => Buffer.from(text),
);
const [AP, AS, AX, BP, BS, BX, C, T] = KEYS as unknown as readonly [
  ...[Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer],
];
const END = Buffer.from('Z","z":"C"}');
const EXCHANGES = Buffer.from('QVPKZNUCBYHJMX');
const CONDITIONS = ['R', 'R', 'R', 'R', 'R', 'R', 'R', 'H","R'].map((text) => Buffer.from(text));
const [BLANK, COMMA, POINT, ZERO] = [32, 44, 46, 48];
const SECOND_NS = 1_000_000_000;

export interface QuoteWriter {
  /** Writes quotes `from` to `to`, that excluded, with commas between them; returns the position behind. */
  write(target: Buffer, at: number, from: number, to: number): number;
}

export function newQuoteWriter(day: QuoteDay, { ticksPerDollar }: AlpacaSymbol): QuoteWriter {
  const quote: DayQuote = { time: 0, bid: 0, bidSize: 0, ask: 0, askSize: 0, hash: 0 };
  let minute = -1;
  let prefix = Buffer.alloc(0);
  const stamp = (target: Buffer, start: number, time: number): number => {
    const seconds = Math.floor(time / SECOND_NS);
    const at = Math.floor(seconds / 60);
    if (at !== minute) {
      minute = at;
      prefix = Buffer.from(new Date(day.midnight + at * 60_000).toISOString().slice(0, 17));
    }
    let end = put(target, start, prefix);
    end = twoDigits(target, end, seconds - at * 60);
    return decimals(target, end, time - seconds * SECOND_NS);
  };
  return {
    write: (target, start, from, to) => {
      let at = start;
      for (let i = from; i < to; i++) {
        day.read(i, quote);
        if (i > from) target[at++] = COMMA;
        const { bid, ask, hash } = quote;
        at = writeMinimal(target, put(target, at, AP), ask, ticksPerDollar);
        at = writeWhole(target, put(target, at, AS), quote.askSize);
        at = put(target, at, AX);
        target[at++] = ask === 0 ? BLANK : (EXCHANGES[(hash >>> 3) % EXCHANGES.length] ?? BLANK);
        at = writeMinimal(target, put(target, at, BP), bid, ticksPerDollar);
        at = writeWhole(target, put(target, at, BS), quote.bidSize);
        at = put(target, at, BX);
        target[at++] = bid === 0 ? BLANK : (EXCHANGES[(hash >>> 7) % EXCHANGES.length] ?? BLANK);
        at = put(target, put(target, at, C), CONDITIONS[(hash >>> 21) & 7] ?? END);
        at = stamp(target, put(target, at, T), quote.time);
        at = put(target, at, END);
      }
      return at;
    },
  };
}

function put(target: Buffer, start: number, bytes: Buffer): number {
  let at = start;
  for (let i = 0; i < bytes.length; i++) target[at++] = bytes[i] ?? 0;
  return at;
}

function twoDigits(target: Buffer, at: number, value: number): number {
  const tens = Math.floor(value / 10);
  target[at] = ZERO + tens;
  target[at + 1] = ZERO + value - tens * 10;
  return at + 2;
}

/** `.000123` of 123,000 ns; nothing of 0. */
function decimals(target: Buffer, start: number, nanoseconds: number): number {
  if (nanoseconds === 0) return start;
  target[start] = POINT;
  let rest = nanoseconds;
  let end = start + 10;
  for (let i = start + 9; i > start; i--) {
    const tenth = Math.floor(rest / 10);
    const digit = rest - tenth * 10;
    if (digit === 0 && end === i + 1) end = i;
    target[i] = ZERO + digit;
    rest = tenth;
  }
  return end;
}
