/**
 * Files of trades and of quotes: so many rows a day, shared among a market's instruments by how much they
 * trade, at prices that their minutes had. Sorted by ticker, then by the consolidator's stamp, which is never
 * the same twice for a ticker.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type Instrument, type Market, publishedAt, SIX_DECIMALS_FROM, type Sizing } from './aggregates.js';
import type { Generator } from './generator.js';
import { GOLDEN, mix32 } from './hash.js';
import { createTracer, newMinutePath } from './minute-path.js';
import { MAX_TICK_BYTES, type Tick, type TickLayout } from './tick-rows.js';

const PAGE_BYTES = 2 << 20;
const NANOSECONDS = 1_000_000_000;
const MINUTE = 60 * NANOSECONDS;
const SMALL_ROWS = 50_000;

export interface TickSizing extends Sizing {
  readonly kind: 'trades' | 'quotes' | 'values';
  /** Rows of a day at its true size. */
  readonly trueRows: number;
}

export function ticks(market: Market, layout: TickLayout, sizing: TickSizing): Generator {
  const { firstDay, crowdOn, kind, trueRows } = sizing;
  const trace = createTracer();

  /**
   * How many rows the next instrument gets: of a day's rows its share, but at least one, and no more trades
   * than it had.
   */
  function sharing(day: IsoDay, revision: number): (instrument: Instrument) => number {
    const crowd = crowdOn(day);
    let [total, count] = [0, 0];
    for (const { bar } of market.instruments(day, revision, crowd)) {
      if (bar.volume <= 0) continue;
      total += weightOf(bar.transactions);
      count += 1;
    }
    const shared = Math.max(0, (crowd === 'all' ? trueRows : SMALL_ROWS) - count);
    let [reached, given] = [0, 0];
    return ({ bar }) => {
      if (bar.volume <= 0) return 0;
      reached += weightOf(bar.transactions);
      const upTo = Math.floor((shared * reached) / total);
      const rows = 1 + upTo - given;
      given = upTo;
      return kind === 'trades' && bar.transactions > 0 ? Math.min(rows, bar.transactions) : rows;
    };
  }

  function* pieces(day: IsoDay, revision: number): Iterable<Buffer> {
    const rowsOf = sharing(day, revision);
    const sixDecimals = day >= SIX_DECIMALS_FROM;
    const epoch = market.minutesFrom(day) / 1000;
    const path = newMinutePath();
    const tick: Tick = {
      ...{ seconds: 0, nanoseconds: 0, price: 0, ticksPerDollar: 100, size: 0 },
      ...{ sequence: 0, place: 0, hash: 0, tickerHash: 0 },
    };
    let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    let at = layout.header.copy(page);
    for (const instrument of market.instruments(day, revision, crowdOn(day))) {
      const { bar, ticker, tickerLength, seed } = instrument;
      const rows = rowsOf(instrument);
      trace(bar, seed, instrument.profile, path);
      const minutes = Math.min(path.count, rows);
      const typical = Math.max(1, Math.floor(bar.volume / Math.max(1, bar.transactions)));
      tick.ticksPerDollar = bar.ticksPerDollar;
      tick.tickerHash = seed;
      tick.sequence = 1000 + (seed & 0xfff);
      tick.place = 0;
      for (let minute = 0; minute < minutes; minute++) {
        const from = Math.floor((rows * minute) / minutes);
        const many = Math.floor((rows * (minute + 1)) / minutes) - from;
        const i = Math.floor((path.count * minute) / minutes);
        const low = path.low[i] ?? 1;
        const room = (path.high[i] ?? low) - low + 1;
        const clock = epoch + (path.minute[i] ?? 0) * 60;
        for (let one = 0; one < many; one++) {
          if (at + MAX_TICK_BYTES > PAGE_BYTES) {
            yield page.subarray(0, at);
            page = Buffer.allocUnsafeSlow(PAGE_BYTES);
            at = 0;
          }
          tick.place += 1;
          const hash = mix32(seed + Math.imul(tick.place, GOLDEN));
          const other = mix32(hash ^ 0x2545f491) >>> 0;
          const since = Math.floor(((one + (0.9 * (other >>> 8)) / 0x1000000) * MINUTE) / many);
          const second = Math.floor(since / NANOSECONDS);
          tick.seconds = clock + second;
          tick.nanoseconds = since - second * NANOSECONDS;
          tick.hash = hash;
          tick.sequence += 1 + (other & 127);
          tick.size = 1 + (other % (2 * typical));
          if (one === 0) tick.price = path.open[i] ?? low;
          else tick.price = one === many - 1 ? (path.close[i] ?? low) : low + ((other >>> 7) % room);
          for (let b = 0; b < tickerLength; b++) page[at++] = ticker[b] ?? 0;
          at = layout.write(page, at, tick, sixDecimals);
        }
      }
    }
    yield page.subarray(0, at);
  }

  return {
    name: `${market.name}_${kind}`,
    prefix: `${market.folder}/${kind}_v1`,
    listDays: (last) => market.listDays(firstDay, last),
    publishedAt,
    isLarge: (day) => crowdOn(day) === 'all',
    pieces,
  };
}

/** Less than in proportion: the quiet have some too. */
function weightOf(transactions: number): number {
  const root = Math.sqrt(Math.max(1, transactions));
  return root * Math.sqrt(root);
}
