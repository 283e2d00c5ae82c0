/** The days to come on which the market is closed or closes early, and whether it is open now. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { nyse, nyseEarlyClose } from '#market/calendar/nyse.js';
import { instantOf } from '#market/calendar/zone.js';
import { dayOfNumber } from '#sandbox/market/day-number.js';
import type { Document } from '../endpoint.js';
import type { RestMarket } from '../rest-market.js';

const NEW_YORK = 'America/New_York';
const DAYS_AHEAD = 400;
const VENUES = ['NYSE', 'NASDAQ', 'OTC'] as const;

/** A bare array, of days to come only, a row an exchange. */
export function upcomingHolidays(market: RestMarket): Document {
  const rows: object[] = [];
  let day = dayOfNumber(market.today());
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) {
    day = addDays(day, 1);
    for (const exchange of VENUES) {
      const row = holidayOn(day, exchange);
      if (row !== undefined) rows.push(row);
    }
  }
  return { bare: JSON.stringify(rows) };
}

function holidayOn(date: IsoDay, exchange: string): object | undefined {
  const name = nyse.closure(date);
  if (name !== undefined) return { date, exchange, name, status: 'closed' };
  const early = nyseEarlyClose(date);
  if (early === undefined || exchange === 'OTC') return undefined;
  const open = new Date(instantOf(date, 9, NEW_YORK).getTime() + 30 * 60_000).toISOString();
  return {
    date,
    exchange,
    name: early,
    status: 'early-close',
    open,
    close: instantOf(date, 13, NEW_YORK).toISOString(),
  };
}

export function marketStatus(market: RestMarket): Document {
  const now = market.now();
  const day = dayOfNumber(market.today());
  const hours = (now.getTime() - instantOf(day, 0, NEW_YORK).getTime()) / 3_600_000;
  const session = nyse.isSession(day);
  const end = nyseEarlyClose(day) === undefined ? 16 : 13;
  const open = session && hours >= 9.5 && hours < end;
  const early = session && hours >= 4 && hours < 9.5;
  const after = session && hours >= end && hours < 20;
  const state = open ? 'open' : early || after ? 'extended-hours' : 'closed';
  return {
    bare: JSON.stringify({
      ...{ market: state, serverTime: now.toISOString(), earlyHours: early, afterHours: after },
      exchanges: { nasdaq: state, nyse: state, otc: state },
      currencies: { crypto: 'open', fx: session ? 'open' : 'closed' },
      indicesGroups: { s_and_p: open ? 'open' : 'closed' },
    }),
  };
}
