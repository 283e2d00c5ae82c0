/** The quick way through a page and the plain one say the same of every page, or the quick one says nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QuoteLines } from '#market/quotes/quote-lines.js';
import { parsePage } from '#vendors/alpaca/page.js';
import { scanPage } from '#vendors/alpaca/scan-page.js';

const DAY = { from: 1718164800, to: 1718251200 };
const BEFORE = 'line before\n';

function emptyLines(): QuoteLines {
  const target = Buffer.alloc(1 << 16);
  const at = target.write(BEFORE);
  return { target, at, rows: 1, seconds: -1, nanoseconds: -1, ord: 0, makeRoom: () => undefined };
}

/** Lines as the columns have it, out of what parsePage reads. */
function expectedLines(page: string): string {
  let [last, ord] = ['', 0];
  const cell = (value: string | number | null) =>
    typeof value === 'string' && value.includes(',') ? `"${value}"` : (value ?? '');
  const lines = parsePage(page, 'AAPL').quotes.map((quote) => {
    ord = quote.tsNs === last ? ord + 1 : 0;
    last = quote.tsNs;
    const cells = [
      ...[quote.tsNs, ord, quote.bidPrice, quote.bidSize, quote.bidExchange],
      ...[quote.askPrice, quote.askSize, quote.askExchange, quote.conditions, quote.tape, quote.sequence],
    ];
    return `${cells.map(cell).join(',')}\n`;
  });
  return lines.join('');
}

const EXCHANGE = fc.constantFrom('Q', 'V', ' ', 'NYSE');
const PRICE = fc.oneof(
  fc.constantFrom(0, 185.5, 0.0001, 745123.45),
  fc.integer({ min: 1, max: 1e8 }).map((n) => n / 100),
);
const QUOTE = fc.record({
  gap: fc.constantFrom(0, 0, 1, 999, 1_000_000, 1_000_000_000, 61_000_000_000),
  bp: PRICE,
  bs: fc.integer({ min: 0, max: 1000 }),
  bx: EXCHANGE,
  ap: PRICE,
  as: fc.integer({ min: 0, max: 1000 }),
  ax: EXCHANGE,
  c: fc.constantFrom(['R'], ['R', 'H'], ['12']),
  z: fc.constantFrom('C', 'A'),
});

function stampOf(ns: bigint, cut: boolean): string {
  const whole = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
  const text = `${whole}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
  return cut ? text.replace(/\.?0+Z$/, 'Z') : text;
}

function pageOf(
  quotes: readonly object[],
  order: readonly string[],
  head: boolean,
  token: string | null,
): string {
  const list = JSON.stringify(quotes.map((quote) => JSON.parse(JSON.stringify(quote, [...order]))));
  const rest = `"symbol":"AAPL","next_page_token":${JSON.stringify(token)}`;
  return head ? `{${rest},"quotes":${list}}` : `{"quotes":${list},${rest}}\n`;
}

const KEYS = ['ap', 'as', 'ax', 'bp', 'bs', 'bx', 'c', 't', 'z'];

it('law: in the plain form it takes every quote of the page, exactly, whatever the order of its keys', () => {
  fc.assert(
    fc.property(
      fc.array(QUOTE, { maxLength: 12 }),
      fc.shuffledSubarray(KEYS, { minLength: KEYS.length }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(null, 'abc=='),
      (list, order, head, cut, token) => {
        let ns = BigInt(DAY.from) * 1_000_000_000n;
        const quotes = list.map(({ gap, ...rest }) => {
          ns += BigInt(gap);
          return { ...rest, t: stampOf(ns, cut) };
        });
        const page = pageOf(quotes, order, head, token);
        const lines = emptyLines();
        const scanned = scanPage(Buffer.from(page), 'AAPL', lines, DAY);
        expect(scanned).toEqual({ count: quotes.length, next: token ?? undefined });
        expect(lines.target.toString('utf8', 0, lines.at)).toBe(BEFORE + expectedLines(page));
        expect(lines.rows).toBe(1 + quotes.length);
      },
    ),
  );
});

const plain = { ap: 1, as: 1, ax: 'Q', bp: 1, bs: 1, bx: 'Q', c: ['R'], t: '2024-06-12T14:00:00Z', z: 'C' };

it.each([
  ['another symbol’s', '{"symbol":"MSFT","quotes":[],"next_page_token":null}'],
  ['no quotes', '{"symbol":"AAPL","quotes":null,"next_page_token":null}'],
  ['broken off', pageOf([plain, plain], KEYS, false, null).slice(0, 150)],
  ['broken off behind the quotes', pageOf([plain], KEYS, false, null).slice(0, -10)],
  ['a price of null', pageOf([plain, { ...plain, bp: null }], KEYS, false, null)],
  ['an exponent', pageOf([plain], KEYS, false, null).replace('"ap":1', '"ap":1e-7')],
  ['two points', pageOf([plain], KEYS, false, null).replace('"ap":1', '"ap":1.0.1')],
  ['an escape', pageOf([{ ...plain, z: '\u0001' }], KEYS, false, null)],
  ['a comma in a text', pageOf([{ ...plain, ax: 'Q,V' }], KEYS, false, null)],
  ['a moment before the last', pageOf([plain, { ...plain, t: '2024-06-12T13:00:00Z' }], KEYS, false, null)],
  ['another day', pageOf([{ ...plain, t: '2024-06-13T14:00:00Z' }], KEYS, false, null)],
  ['no moment', pageOf([plain, { ...plain, t: 'now' }], KEYS, false, null)],
  ['an unknown key', pageOf([{ ...plain, q: 1 }], [...KEYS, 'q'], false, null)],
  ['a key twice', pageOf([plain], KEYS, false, null).replace('"as":1', '"ap":2')],
  ['blanks between', pageOf([plain], KEYS, false, null).replaceAll(':', ': ')],
])('of a page with %s it takes nothing', (_, page) => {
  const lines = emptyLines();
  expect(scanPage(Buffer.from(page), 'AAPL', lines, DAY)).toBeUndefined();
  expect(lines).toMatchObject({ at: BEFORE.length, rows: 1, seconds: -1, nanoseconds: -1, ord: 0 });
});
