/** Who pays dividends, how often and how much of the price a year: by the kind of paper, and by chance. */
import { type DayNumber, numberOfDay, sessionFrom } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Listing } from '#sandbox/market/reference/securities.js';

export interface Payer {
  /** Times a year; 0: irregularly, which here is once. */
  readonly frequency: 0 | 1 | 2 | 4 | 12 | 52;
  /** Of the price, a year. */
  readonly yearly: number;
  readonly currency: string;
  readonly decimals: number;
  readonly from: DayNumber;
}

/** Companies whose first dividend is known. */
const FIRST_DIVIDENDS: Readonly<Record<string, DayNumber>> = {
  AAPL: numberOfDay('2012-08-01'),
  META: numberOfDay('2024-02-01'),
  GOOGL: numberOfDay('2024-06-01'),
  GOOG: numberOfDay('2024-06-01'),
};
const NEVER = new Set('TSLA AMZN BRK.A BRK.B NFLX PLTR COIN UBER ARM CRWV GLD SLV TRUE MTTR FB'.split(' '));
const ALWAYS = new Set(
  'MSFT NVDA JPM V MA UNH JNJ XOM CVX WMT PG KO PEP COST HD MCD IBM ORCL CSCO CRM T VZ F GM GE CAT C BAC WFC GS PFE MRK LLY ABBV INTC DIS SPY QQQ IWM DIA VTI VOO XLF TLT BND'.split(
    ' ',
  ),
);
const MONTHLY = new Set(['TLT', 'BND']);
const MONTH_DAYS = 365.25 / 12;
const EARLIEST = numberOfDay('2003-11-01');

export function payerOf(listing: Listing): Payer | undefined {
  const { ticker, security, first } = listing;
  const hash = mix32(security.seed + GOLDEN) >>> 0;
  const chance = hash % 100;
  const known = FIRST_DIVIDENDS[ticker];
  const from = Math.max(known ?? first + 45, EARLIEST);
  const yearly = 0.003 + ((hash >>> 8) % 500) / 10_000;
  const common = { from, yearly, currency: 'USD', decimals: yearly < 0.01 ? 3 : 2 };
  if (NEVER.has(ticker)) return undefined;
  if (ALWAYS.has(ticker) || known !== undefined)
    return { ...common, frequency: MONTHLY.has(ticker) ? 12 : 4 };
  switch (security.type) {
    case 'CS':
    case 'OS':
      if (known === undefined && chance >= 45) return undefined;
      return {
        ...common,
        frequency: known !== undefined || chance < 36 ? 4 : chance < 39 ? 1 : chance < 42 ? 2 : 0,
      };
    case 'ADRC':
      if (chance >= 60) return undefined;
      return {
        ...common,
        frequency: chance < 30 ? 2 : 1,
        currency: chance % 6 === 0 ? 'CAD' : 'USD',
        decimals: 6,
      };
    case 'PFD':
      return { ...common, frequency: 4, yearly: 0.05 + (chance % 30) / 1000, decimals: 6 };
    case 'FUND':
      return { ...common, frequency: 12, yearly: 0.03 + (chance % 60) / 1000, decimals: 4 };
    case 'ETF':
      if (chance >= 65) return undefined;
      return { ...common, frequency: chance < 45 ? 4 : chance < 62 ? 12 : 52, decimals: 6 };
    default:
      return undefined;
  }
}

/** Regular ex-dates up to `until`, ascending, each a session. */
export function exDates({ frequency, from }: Payer, seed: number, until: DayNumber): readonly DayNumber[] {
  const days: DayNumber[] = [];
  const step = frequency === 52 ? 7 : MONTH_DAYS * (12 / Math.max(1, frequency));
  const phase = (seed >>> 4) % Math.max(1, Math.floor(step));
  for (let turn = 0; ; turn++) {
    const day = sessionFrom(Math.floor(from + phase + turn * step));
    if (day > until) return days;
    if (frequency !== 0 || (mix32(seed + turn) & 1) === 0) days.push(day);
  }
}
