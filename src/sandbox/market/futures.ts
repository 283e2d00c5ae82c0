/**
 * Futures of four exchanges: a few roots each, with the contracts that are open on a day, and a calendar spread
 * (which may cost less than nothing). A session begins at 18:00 in New York on the evening before its date. The
 * columns of trades and quotes are not documented; these are made up.
 */
import { addDays, daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import { instantOf } from '#market/calendar/zone.js';
import { publishedAt, SIX_DECIMALS_FROM } from './aggregates.js';
import type { Generator } from './generator.js';
import { hashText, mix32 } from './hash.js';
import { sessionDays } from './session-days.js';

const FIRST_FUTURES_DAY: IsoDay = '2017-04-03';

interface Root {
  readonly root: string;
  /** In ticks of 1 / `perUnit`, on 2003-09-08. */
  readonly ticks: number;
  readonly perUnit: number;
  /** Letters of the months in which contracts end. */
  readonly months: string;
  /** How many contracts are open at once. */
  readonly open: number;
}

const MONTHS = 'FGHJKMNQUVXZ';
const QUARTERS = 'HMUZ';

const EXCHANGES: Readonly<Record<string, readonly Root[]>> = {
  cbot: [
    { root: 'YM', ticks: 42_000, perUnit: 1, months: QUARTERS, open: 3 },
    { root: 'ZC', ticks: 1780, perUnit: 4, months: 'HKNUZ', open: 5 },
    { root: 'ZN', ticks: 7104, perUnit: 64, months: QUARTERS, open: 2 },
    { root: 'ZS', ticks: 4400, perUnit: 4, months: 'FHKNQUX', open: 6 },
  ],
  cme: [
    { root: '6E', ticks: 21_600, perUnit: 20_000, months: QUARTERS, open: 4 },
    { root: 'ES', ticks: 23_000, perUnit: 4, months: QUARTERS, open: 5 },
    { root: 'LE', ticks: 7400, perUnit: 40, months: 'GJMQVZ', open: 5 },
    { root: 'NQ', ticks: 82_000, perUnit: 4, months: QUARTERS, open: 4 },
  ],
  comex: [
    { root: 'GC', ticks: 24_000, perUnit: 10, months: 'GJMQVZ', open: 6 },
    { root: 'HG', ticks: 9200, perUnit: 2000, months: 'HKNUZ', open: 6 },
    { root: 'SI', ticks: 5600, perUnit: 200, months: 'HKNUZ', open: 5 },
  ],
  nymex: [
    { root: 'CL', ticks: 7200, perUnit: 100, months: MONTHS, open: 12 },
    { root: 'NG', ticks: 3100, perUnit: 1000, months: MONTHS, open: 12 },
    { root: 'RB', ticks: 22_000, perUnit: 10_000, months: MONTHS, open: 6 },
  ],
};

interface Contract {
  readonly ticker: string;
  readonly root: Root;
  readonly seed: number;
  /** From the nearest, 0. */
  readonly place: number;
}

interface Session {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly settlement: number;
  readonly volume: number;
  readonly transactions: number;
}

const MINUTES = 23 * 60;
/** The contracts' spread is so many of a price's 4,096ths a place. */
const CARRY = 24;

/** Session and minute bars, trades and quotes of each exchange. */
export function futures(seed: number): readonly Generator[] {
  return Object.entries(EXCHANGES).flatMap(([exchange, roots]) => {
    const contractsOn = (day: IsoDay): readonly Contract[] =>
      roots.flatMap((root) => contractsOf(root, day, seed)).sort((a, b) => (a.ticker < b.ticker ? -1 : 1));
    const made = (kind: string, folder: string, lines: Lines): Generator => ({
      name: `futures_${exchange}_${kind}`,
      prefix: `us_futures_${exchange}/${folder}_v1`,
      listDays: (last) => sessionDays(FIRST_FUTURES_DAY, last),
      publishedAt,
      isLarge: () => false,
      *pieces(day, revision) {
        yield Buffer.from(`${lines.header}\n`);
        for (const contract of contractsOn(day)) yield Buffer.from(lines.of(contract, day, revision));
      },
    });
    return [
      made('daily', 'session_aggs', SESSIONS),
      made('minute', 'minute_aggs', MINUTE_BARS),
      made('trades', 'trades', TRADES),
      made('quotes', 'quotes', QUOTES),
    ];
  });
}

interface Lines {
  readonly header: string;
  readonly of: (contract: Contract, day: IsoDay, revision: number) => string;
}

const SESSIONS: Lines = {
  header:
    'ticker,session_end_date,window_start,open,high,low,close,volume,transactions,dollar_volume,settlement_price',
  of: (contract, day, revision) => {
    const { open, high, low, close, settlement, volume, transactions } = sessionOf(contract, day, revision);
    const price = pricer(contract, day);
    const dollars = dollarText(volume, close, contract);
    // A contract that nobody traded is settled all the same.
    if (volume === 0) return `${contract.ticker},${day},,,,,,0,0,0,${price(settlement)}\n`;
    return `${contract.ticker},${day},${stampOf(day, 0)},${price(open)},${price(high)},${price(low)},${price(close)},${volume},${transactions},${dollars},${price(settlement)}\n`;
  },
};

const MINUTE_BARS: Lines = {
  header:
    'ticker,exchange,session_end_date,window_start,open,high,low,close,volume,transactions,dollar_volume',
  of: (contract, day, revision) => {
    const price = pricer(contract, day);
    return momentsOf(contract, day, revision, 120)
      .map(({ minute, at, volume, hash }) => {
        const [up, down] = [(hash >>> 3) & 3, (hash >>> 6) & 3];
        const close = at + (hash & 1 ? up : -down);
        return `${contract.ticker},4,${day},${stampOf(day, minute)},${price(at)},${price(at + up)},${price(at - down)},${price(close)},${volume},${Math.ceil(volume / 3)},${dollarText(volume, close, contract)}\n`;
      })
      .join('');
  },
};

const TRADES: Lines = {
  header: 'ticker,timestamp,price,size,session_end_date',
  of: (contract, day, revision) => {
    const price = pricer(contract, day);
    return momentsOf(contract, day, revision, 200)
      .map(
        ({ minute, at, volume, hash }) =>
          `${contract.ticker},${stampOf(day, minute, hash)},${price(at)},${1 + (volume % 20)},${day}\n`,
      )
      .join('');
  },
};

const QUOTES: Lines = {
  header: 'ticker,timestamp,bid_price,bid_size,ask_price,ask_size,session_end_date',
  of: (contract, day, revision) => {
    const price = pricer(contract, day);
    return momentsOf(contract, day, revision, 300)
      .map(
        ({ minute, at, volume, hash }) =>
          `${contract.ticker},${stampOf(day, minute, hash)},${price(at - 1)},${1 + (volume % 40)},${price(at + ((hash >>> 9) & 1))},${1 + (hash & 31)},${day}\n`,
      )
      .join('');
  },
};

/** The contracts that are open on a day: of each root the next ones, and the spread of the first two. */
function contractsOf(root: Root, day: IsoDay, seed: number): readonly Contract[] {
  const found: Contract[] = [];
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8))];
  // About the third Friday, a contract's last day.
  let at = year * 12 + (month - 1) + (date > 20 ? 1 : 0);
  while (found.length < root.open) {
    const letter = MONTHS[at % 12] ?? 'F';
    if (root.months.includes(letter)) {
      const ticker = `${root.root}${letter}${Math.floor(at / 12) % 10}`;
      found.push({ ticker, root, seed: hashText(root.root, seed), place: found.length });
    }
    at++;
  }
  const [near, next] = found;
  const spread: Contract | undefined =
    near === undefined || next === undefined
      ? undefined
      : { ...next, ticker: `${near.ticker}-${next.ticker}`, place: -1 };
  return spread === undefined ? found : [...found, spread];
}

/** In ticks: noise of several periods, each a straight line between points that a hash has placed. */
function levelOf({ root, seed, place }: Contract, day: IsoDay): number {
  const number = daysBetween('2003-09-08', day);
  let level = 0;
  for (const [i, period] of [1024, 256, 64, 16, 4, 1].entries()) {
    const point = Math.floor(number / period);
    const share = (number % period) / period;
    const height = (n: number): number => (mix32(seed ^ mix32(n * 64 + i)) >> 16) / 32_768;
    level += (height(point) * (1 - share) + height(point + 1) * share) * 0.22 * 0.5 ** i;
  }
  const front = Math.round(root.ticks * (1 + level));
  if (place < 0) return -Math.round((front * CARRY) / 4096);
  return Math.round((front * (4096 - CARRY * place)) / 4096);
}

/** A revision settles a tick higher. */
function sessionOf(contract: Contract, day: IsoDay, revision: number): Session {
  const hash = mix32(contract.seed ^ mix32(daysBetween('2003-09-08', day) * 31 + contract.place));
  const close = levelOf(contract, day);
  const before = levelOf(contract, addDays(day, -1));
  const open = before + ((hash >>> 8) & 7) - 3;
  const wide = 1 + ((hash >>> 11) & 31);
  const volume = volumeOf(contract, hash);
  return {
    open,
    high: Math.max(open, close) + wide,
    low: Math.min(open, close) - ((hash >>> 16) & 31),
    close,
    settlement: close + ((hash >>> 21) & 1) + revision,
    volume,
    transactions: Math.ceil(volume / (2 + ((hash >>> 24) & 3))),
  };
}

/** Less the farther away the contract ends; of the farthest at times nothing. */
function volumeOf({ place, root }: Contract, hash: number): number {
  const near = 250_000 >> (2 * Math.abs(place));
  const volume = near + Math.floor((near * ((hash >>> 2) & 255)) / 512);
  return place === root.open - 1 && (hash & 3) === 0 ? 0 : volume;
}

interface Moment {
  /** From the session's beginning. */
  readonly minute: number;
  /** Price in ticks. */
  readonly at: number;
  readonly volume: number;
  readonly hash: number;
}

/** Spread over the session, in order, no minute twice; fewer the farther away the contract ends. */
function momentsOf(contract: Contract, day: IsoDay, revision: number, most: number): readonly Moment[] {
  const session = sessionOf(contract, day, 0);
  if (session.volume === 0) return [];
  const count = Math.max(1, most >> Math.abs(contract.place));
  const range = session.high - session.low;
  return Array.from({ length: count }, (_, i) => {
    const hash = mix32(contract.seed ^ mix32(daysBetween('2003-09-08', day) * 4096 + i + revision * 7));
    const minute = Math.floor((MINUTES * i) / count);
    const at = i === 0 ? session.open : session.low + ((hash >>> 10) % Math.max(1, range));
    const volume = 1 + ((hash >>> 4) % Math.max(1, Math.floor((2 * session.volume) / count)));
    return { minute, at, volume, hash };
  });
}

/** Nanoseconds since the epoch; within the minute by the hash. */
function stampOf(day: IsoDay, minute: number, hash = 0): string {
  const begins = instantOf(addDays(day, -1), 18, 'America/New_York').getTime();
  return `${begins + minute * 60_000}${String((hash >>> 5) % 1_000_000).padStart(6, '0')}`;
}

/** Ticks are 1, 2, 4, 5, 8, 10, … to a unit: their decimals end. */
function pricer({ root }: Contract, day: IsoDay): (ticks: number) => string {
  const sixDecimals = day >= SIX_DECIMALS_FROM;
  return (ticks) => {
    const text = (ticks / root.perUnit).toFixed(6);
    return sixDecimals ? text : text.replace(/\.?0+$/, '');
  };
}

function dollarText(volume: number, close: number, { root }: Contract): string {
  return ((volume * close) / root.perUnit).toFixed(2);
}
