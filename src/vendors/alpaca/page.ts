/**
 * A page of historical quotes: `{"symbol", "quotes": […] or null, "next_page_token": text or null}`. A page may
 * be shorter than asked for, even empty; only a token of null ends. Of a quote, 0 as a price means that the
 * side is none, and its exchange is a blank then. Source: Alpaca's OpenAPI file 1.1, schema stock_quote.
 */
import type { Quote } from '#market/quotes/quote.js';
import { newStampReader, type StampReader } from './timestamp.js';

export interface QuotePage {
  readonly quotes: readonly Quote[];
  /** Undefined: the last page. */
  readonly next: string | undefined;
}

/** What is not as it should be, with where. */
export class OddPage extends Error {}

/** Throws OddPage for an answer that is none. `symbol`: whose quotes were asked for. */
export function parsePage(text: string, symbol: string): QuotePage {
  let answer: Readonly<Record<string, unknown>>;
  try {
    answer = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw new OddPage(`${text.length} characters that are no JSON`);
  }
  const { quotes, next_page_token: token, symbol: told } = answer;
  if (told !== symbol) throw new OddPage(`an answer about ${String(told).slice(0, 40)}`);
  if (token !== null && token !== undefined && (typeof token !== 'string' || token === ''))
    throw new OddPage('a next_page_token that is none');
  if (quotes !== null && !Array.isArray(quotes)) throw new OddPage('no quotes in it');
  const stampOf = newStampReader();
  return {
    quotes: (quotes ?? []).map((raw: unknown, i) => quoteOf(raw, i, stampOf)),
    next: token ?? undefined,
  };
}

interface RawQuote {
  readonly t?: unknown;
  readonly bp?: unknown;
  readonly bs?: unknown;
  readonly bx?: unknown;
  readonly ap?: unknown;
  readonly as?: unknown;
  readonly ax?: unknown;
  readonly c?: unknown;
  readonly z?: unknown;
}

function quoteOf(raw: unknown, i: number, stampOf: StampReader): Quote {
  if (typeof raw !== 'object' || raw === null) throw new OddPage(`quote ${i} of the page is none`);
  const { t, bp, bs, bx, ap, as, ax, c, z } = raw as RawQuote;
  const tsNs = typeof t === 'string' ? stampOf(t) : undefined;
  if (tsNs === undefined)
    throw new OddPage(`quote ${i} of the page has no moment (${JSON.stringify(t)?.slice(0, 40)})`);
  return {
    tsNs,
    bidPrice: numberOf(bp, 'bp', i),
    bidSize: numberOf(bs, 'bs', i),
    bidExchange: textOf(bx),
    askPrice: numberOf(ap, 'ap', i),
    askSize: numberOf(as, 'as', i),
    askExchange: textOf(ax),
    conditions: Array.isArray(c) ? (c.length === 1 ? textOf(c[0]) : textOf(c.join(','))) : textOf(c),
    tape: textOf(z),
    sequence: null,
  };
}

function numberOf(value: unknown, name: string, i: number): number | null {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  throw new OddPage(`quote ${i} of the page has ${JSON.stringify(value).slice(0, 40)} for ${name}`);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== ' ' ? value : null;
}
