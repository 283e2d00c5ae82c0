/** A market of listings: its instruments on a day are the rows of its universe that trade. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type Instrument, type Layout, type Market, newBar } from './aggregates.js';
import type { DayBars } from './day-bars.js';
import { hashText, mix32 } from './hash.js';
import type { MinuteProfile } from './minute-path.js';

const TICKER_BYTES = 16;

export interface ListedMarket {
  readonly name: string;
  readonly folder: string;
  readonly layout: Layout;
  readonly bars: DayBars;
  /** Which rows of the universe a small file has; all where absent. */
  readonly chosen?: (row: number) => boolean;
  profile(day: IsoDay): MinuteProfile;
  listDays(first: IsoDay, last: IsoDay): readonly IsoDay[];
  dayStamp(day: IsoDay): number;
  minutesFrom(day: IsoDay): number;
}

export function listedMarket({ bars, chosen, profile, ...rest }: ListedMarket): Market {
  return {
    ...rest,
    *instruments(day, revision, crowd) {
      const { count, tickerBytes, tickerLength, seed } = bars.universe;
      const read = bars.on(day, revision);
      const salt = hashText(day, 1);
      const instrument: Instrument = {
        ...{ ticker: new Uint8Array(TICKER_BYTES), tickerLength: 0, seed: 0 },
        ...{ bar: newBar(), profile: profile(day) },
      };
      for (let row = 0; row < count; row++) {
        if (crowd === 'some' && chosen?.(row) === false) continue;
        if (!read(row, instrument.bar)) continue;
        instrument.tickerLength = tickerLength[row] ?? 0;
        for (let i = 0; i < instrument.tickerLength; i++)
          instrument.ticker[i] = tickerBytes[row * TICKER_BYTES + i] ?? 0;
        instrument.seed = mix32((seed[row] ?? 0) ^ salt);
        yield instrument;
      }
    },
  };
}
