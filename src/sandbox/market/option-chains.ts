/**
 * The options of the synthetic market: for every root the expiries and strikes around the spot, calls and
 * puts, of which some trade on a day. A contract's premium is what it is worth at once and what time may add;
 * open, close, high and low are those of the underlying's day. Symbols are the OCC's: root, expiry, C or P,
 * and the strike in thousandths with eight digits.
 */
import { daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import { type Crowd, type Instrument, type Market, newBar, TRADED } from './aggregates.js';
import type { Bar } from './bar-writer.js';
import { correctionOf, type DayBars } from './day-bars.js';
import { GOLDEN, hashText, mix32 } from './hash.js';
import { type ExpiryPlan, expiriesFrom } from './option-expiries.js';
import { type OptionRoot, optionRoots, type Spot, spotsOn } from './option-roots.js';
import { sessionDays } from './session-days.js';
import { hoursOf, newYorkDayStart, newYorkMidnight, OPTION_HOURS } from './session-hours.js';

export const FIRST_OPTION_DAY: IsoDay = '2014-06-02';
export const FIRST_OPTION_QUOTE_DAY: IsoDay = '2022-03-07';
const SYMBOL_BYTES = 24;
const DIGIT = 48;
const [CALL, PUT] = [67, 80];
/** Every row of that day is stamped with 05:00 of 1969-12-31 in UTC, as the vendor's are. */
const MISSTAMPED_DAY: IsoDay = '2025-02-10';
const MISSTAMP = -68_400_000;

export function optionMarket(seed: number, stocks: DayBars, indices: DayBars): Market {
  const roots = optionRoots(stocks, indices);

  function* instruments(day: IsoDay, revision: number, crowd: Crowd): Iterable<Instrument> {
    const spotOf = spotsOn(day, revision);
    const chains = new Map<ExpiryPlan, readonly IsoDay[]>();
    const instrument: Instrument = {
      ...{ ticker: new Uint8Array(SYMBOL_BYTES), tickerLength: 0, seed: 0, bar: newBar() },
      profile: hoursOf(day, OPTION_HOURS),
    };
    for (const root of inSymbolOrder(roots, day)) {
      if (crowd === 'some' && !root.chosen) continue;
      const spot = spotOf(root);
      if (spot === undefined) continue;
      const plan = root.liveliness.expiries;
      const expiries = chains.get(plan) ?? expiriesFrom(day, plan);
      chains.set(plan, expiries);
      instrument.profile = hoursOf(day, root.hours);
      yield* chain({ root, spot, expiries, day, seed, revision, crowd }, instrument);
    }
  }

  return {
    name: 'options',
    folder: 'us_options_opra',
    layout: TRADED,
    listDays: sessionDays,
    instruments,
    dayStamp: (day) => (day === MISSTAMPED_DAY ? MISSTAMP : newYorkMidnight(day)),
    minutesFrom: newYorkDayStart,
  };
}

interface Chain {
  readonly root: OptionRoot;
  readonly spot: Spot;
  readonly expiries: readonly IsoDay[];
  readonly day: IsoDay;
  readonly seed: number;
  readonly revision: number;
  readonly crowd: Crowd;
}

/** A root with a digit at its end stands before the plain one, whose symbols go on with the year. */
function inSymbolOrder(roots: readonly OptionRoot[], day: IsoDay): readonly OptionRoot[] {
  const keyed = roots.map((root) => ({ root, key: root.root + day.slice(2, 4) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.map(({ root }) => root);
}

function* chain(of: Chain, instrument: Instrument): Iterable<Instrument> {
  const { root, spot, expiries, day, crowd } = of;
  const { strikes, reach, volume } = root.liveliness;
  const { ticker, bar } = instrument;
  const step = root.adjusted ? strikeStep(spot.close) / 3 : strikeStep(spot.close);
  const middle = Math.floor(spot.close / step + 0.5);
  const first = Math.max(1, middle - strikes[crowd]);
  const base = hashText(root.root, of.seed);
  const daySalt = hashText(day, of.seed);
  const symbol = Buffer.from(`O:${root.root}`);
  ticker.set(symbol);
  instrument.tickerLength = symbol.length + 15;
  for (const expiry of expiries) {
    ticker.set(Buffer.from(expiry.slice(2).replaceAll('-', '')), symbol.length);
    const days = daysBetween(day, expiry);
    const spread = spot.close * spot.dailyMove * Math.sqrt(days * 0.69 + 0.4);
    for (const kind of [CALL, PUT]) {
      ticker[symbol.length + 6] = kind;
      for (let place = first; place <= middle + strikes[crowd]; place++) {
        const strike = Math.floor(place * step * 100 + 0.5) * 10;
        const own = mix32(base + Math.imul(strike + kind, GOLDEN) + hashText(expiry, kind));
        const luck = mix32(own ^ daySalt);
        const away = (place - middle) / reach;
        const favour = 1 / ((1 + away * away) * (1 + days / 90));
        const correction = of.revision === 0 ? 'none' : correctionOf(own, of.revision, false);
        const trades = (luck & 1023) < 1023 * (favour < 0.06 ? favour : 0.06 + 0.74 * favour);
        if (correction === 'presence' ? trades : !trades) continue;
        fillTrading(bar, volume * favour, luck, mix32(luck));
        fillPremium(bar, spot, kind, strike / 1000, spread);
        if (correction === 'values') bar.volume += 100 * of.revision;
        writeStrike(ticker, symbol.length + 7, strike);
        instrument.seed = luck;
        yield instrument;
      }
    }
  }
}

/** Eight digits. */
function writeStrike(target: Uint8Array, at: number, thousandths: number): void {
  let rest = thousandths;
  for (let i = at + 7; i >= at; i--) {
    target[i] = DIGIT + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Of most contracts a few are traded, of a few very many. */
function fillTrading(bar: Bar, most: number, hash: number, other: number): void {
  const luck = ((hash >>> 10) & 0xffff) / 0x10000;
  bar.volume = 1 + Math.floor(most * luck * luck * luck * luck * luck);
  bar.volumeMillionths = 0;
  bar.transactions = 1 + Math.floor((bar.volume - 1) / (2 + (other & 15)));
}

function fillPremium(bar: Bar, spot: Spot, kind: number, strike: number, spread: number): void {
  const premium = (price: number): number => {
    const away = kind === CALL ? price - strike : strike - price;
    const far = away / spread;
    const decay = 1 + far * far;
    const dollars = (away > 0 ? away : 0) + (0.4 * spread) / (decay * decay);
    return Math.max(1, Math.floor(dollars * 100 + 0.5));
  };
  bar.ticksPerDollar = 100;
  bar.close = premium(spot.close);
  // Who trades once, trades at one price.
  bar.open = bar.transactions === 1 ? bar.close : premium(spot.open);
  const [top, bottom] =
    bar.transactions < 3 ? [bar.open, bar.close] : [premium(spot.high), premium(spot.low)];
  bar.high = Math.max(bar.open, bar.close, top, bottom);
  bar.low = Math.min(bar.open, bar.close, top, bottom);
}

/** Dollars between strikes, by the exchanges' habits; half dollars occur between 25 and 100. */
function strikeStep(price: number): number {
  if (price < 10) return 0.5;
  if (price < 25) return 1;
  if (price < 100) return 2.5;
  return price < 1000 ? 5 : 25;
}
