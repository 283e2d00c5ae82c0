/**
 * News about the market: so many articles a day, each made of a number. Some arrive hours after their time,
 * some are edited under their id (title, tickers, insights), a few are taken back.
 */
import { type DayNumber, isSessionNumber, numberOfDay } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import { isListed, type Listing, type Securities } from '#sandbox/market/reference/securities.js';

export interface Article {
  readonly hash: number;
  /** Ms since the epoch. */
  readonly published: number;
  /** As far as it has been edited by now. */
  readonly edited: boolean;
  /** What its publisher says it is about: names of other markets and misspelt ones among them. */
  readonly tickers: readonly string[];
}

export const FIRST_ARTICLE: DayNumber = numberOfDay('2017-04-10');
const MS_PER_DAY = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_TICKERS = 8;
/** Of other markets, other spellings, and nobody's. */
const NO_TICKERS = ['X:BTCUSD', 'BRK-B', 'I:SPX', 'TSX:SHOP', 'C:EURUSD', 'N/A', 'GOOGL.O'];
const OFTEN_NAMED = ['AAPL', 'MSFT', 'NVDA', 'AMZN', 'TSLA', 'META', 'GOOGL', 'SPY'];

export interface Articles {
  /** Those of the UTC day that are there at an instant, in the order of their time. */
  on(day: DayNumber, now: number): readonly Article[];
}

export function createArticles({ listings }: Securities): Articles {
  const many = Math.max(5, Math.min(60, Math.round(listings.length / 250)));

  function tickersOf(hash: number, day: DayNumber, edited: boolean): readonly string[] {
    const count = hash % 31 === 0 ? 0 : 1 + ((hash >>> 7) % MOST_TICKERS) * ((hash >>> 4) & 1);
    const tickers: string[] = [];
    for (let turn = 0; turn < count + (edited && count > 0 ? 1 : 0); turn++) {
      const chance = mix32(hash + Math.imul(turn + 1, GOLDEN)) >>> 0;
      const name = nameBy(chance, day);
      if (!tickers.includes(name)) tickers.push(name);
    }
    return tickers;
  }

  function nameBy(chance: number, day: DayNumber): string {
    if (chance % 23 === 0) return NO_TICKERS[(chance >>> 8) % NO_TICKERS.length] ?? '';
    if (chance % 4 === 0) return OFTEN_NAMED[(chance >>> 8) % OFTEN_NAMED.length] ?? '';
    return listedFrom((chance >>> 8) % listings.length, day)?.ticker ?? 'AAPL';
  }

  /** The first listing of that day from a place on. */
  function listedFrom(place: number, day: DayNumber): Listing | undefined {
    for (let step = 0; step < 50; step++) {
      const listing = listings[(place + step) % listings.length];
      if (listing !== undefined && isListed(listing, day)) return listing;
    }
    return undefined;
  }

  return {
    on(day, now) {
      const count = isSessionNumber(day) ? many : Math.ceil(many / 4);
      const articles: Article[] = [];
      for (let number = 0; number < count; number++) {
        const hash = mix32(Math.imul(day, GOLDEN) + number * 7919) >>> 0;
        const seconds = Math.floor(((number + (hash % 1000) / 1000) * 86_400) / count);
        const published = day * MS_PER_DAY + seconds * 1000;
        const late = hash % 12 === 6 ? (1 + ((hash >>> 9) % 40)) * HOUR_MS : 0;
        const gone = hash % 120 === 8 && now > published + 10 * MS_PER_DAY;
        if (now < published + late || gone) continue;
        const edited = hash % 15 === 3 && now > published + 30 * HOUR_MS;
        articles.push({ hash, published, edited, tickers: tickersOf(hash, day, edited) });
      }
      return articles;
    },
  };
}
