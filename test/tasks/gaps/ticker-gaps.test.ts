/** What a session without a bar means, as far as the data tell it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { DELISTED_AFTER, type TickerFacts, tickerGaps } from '#tasks/gaps/ticker-gaps.js';

const DAYS = nyse.sessions('2024-04-01', '2024-06-13');
const WHOLE = { start: DAYS[0] ?? '', end: DAYS.at(-1) ?? '' };

/** `x` a bar, `.` none, `?` not looked up; for the last sessions. */
function facts(pattern: string, seen = true, market: TickerFacts['market'] = () => 'archived'): TickerFacts {
  const days = DAYS.slice(DAYS.length - pattern.length);
  const rows = days.filter((_, i) => pattern[i] === 'x');
  const looked = new Set(days.filter((_, i) => pattern[i] !== '?'));
  return {
    ticker: 'ABC',
    days,
    isSession: () => true,
    leftOut: () => undefined,
    rows,
    lookedUp: (day) => looked.has(day),
    market,
    seen,
  };
}

function shape(some: TickerFacts): readonly string[] {
  return tickerGaps(some, WHOLE).map(({ state, sessions }) => `${state} ${sessions}`);
}

const TEN = '.'.repeat(DELISTED_AFTER);

describe('sessions without a bar', () => {
  it.each([
    ['xxxxx', []],
    ['', []],
    ['..xx', ['not-yet-listed 2']],
    ['xx.xx', ['no-trade 1']],
    ['x.x.x', ['no-trade 1', 'no-trade 1']],
    ['x...x', ['halted 3']],
    ['xx.', ['no-trade 1']],
    ['xx..', ['halted 2']],
    [`x${TEN.slice(1)}`, ['halted 9']],
    [`x${TEN}`, ['delisted 10']],
    [`..x.x${TEN}`, ['not-yet-listed 2', 'no-trade 1', 'delisted 10']],
    ['xxxxxxxxxx...xxxxxxxxxx..', ['halted 3', 'no-trade 2']],
    ['x.x.xx...xx', ['no-trade 1', 'no-trade 1', 'no-trade 3']],
    ['x.x.xx..', ['no-trade 1', 'no-trade 1', 'no-trade 2']],
    [`x.x.x${TEN}x`, ['no-trade 1', 'no-trade 1', 'halted 10']],
    ['??xx', ['not-filled 2']],
    ['..?xx', ['not-yet-listed 2', 'not-filled 1']],
  ])('%j', (pattern, gaps) => {
    expect(shape(facts(pattern))).toEqual(gaps);
  });

  it('a ticker that no day ever held was never seen', () => {
    expect(shape(facts('.....', false))).toEqual(['never-seen 5']);
    expect(shape(facts('..?..', false))).toEqual(['never-seen 2', 'not-filled 1', 'never-seen 2']);
  });

  it('days that were read without keeping the market can only be had from the vendor', () => {
    expect(shape(facts('xx??', true, () => 'unkept'))).toEqual(['not-looked-up 2']);
  });

  it('a day of which the whole market is gone is no hole of the ticker', () => {
    expect(shape(facts('x??x', true, () => 'gone'))).toEqual([]);
    expect(shape(facts('x.?.x', true, () => 'gone'))).toEqual(['halted 2']);
  });
});

it('a range shows its part of what the whole history means', () => {
  const halted = facts('x.....x');
  const day = DAYS.at(-4) ?? '';
  expect(tickerGaps(halted, { start: day, end: day })).toMatchObject([
    { start: day, end: day, sessions: 1, state: 'halted' },
  ]);
  const last = DAYS.at(-1) ?? '';
  expect(tickerGaps(facts(`x${TEN}`), { start: last, end: last })).toMatchObject([{ state: 'delisted' }]);
});

it('every session without a row is told exactly once, in order', () => {
  const pattern = fc.string({ unit: fc.constantFrom('x', '.', '?'), maxLength: DAYS.length });
  fc.assert(
    fc.property(pattern, fc.boolean(), (text, seen) => {
      const some = facts(text, seen);
      const rows = new Set(some.rows);
      const told = tickerGaps(some, WHOLE).flatMap(({ start, end }) => nyse.sessions(start, end));
      expect(told).toEqual(some.days.filter((day) => !rows.has(day)));
    }),
  );
});
