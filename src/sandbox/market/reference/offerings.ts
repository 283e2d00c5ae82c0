/**
 * Initial public offerings: of what is listed since 2008, from its announcement on, and of what never came
 * to be listed. A record moves from rumour or pending over new to history, and its ticker and days with it.
 */
import { type DayNumber, numberOfDay } from '#sandbox/market/day-number.js';
import { mix32 } from '#sandbox/market/hash.js';
import { cusipOf } from './identifiers.js';
import { companyWords } from './names.js';
import type { Securities, Security } from './securities.js';
import { isEquity } from './security-types.js';

export type OfferingStatus =
  | 'direct_listing_process'
  | 'history'
  | 'new'
  | 'pending'
  | 'postponed'
  | 'rumor'
  | 'withdrawn';

export interface Offering {
  readonly security: Security;
  readonly hash: number;
  readonly issuer: string;
  readonly ticker: string | undefined;
  /** Nine characters; a few have none. */
  readonly code: string | undefined;
  readonly announced: DayNumber;
  readonly listing: DayNumber | undefined;
  readonly updated: DayNumber;
  readonly status: OfferingStatus;
}

const FIRST = numberOfDay('2008-01-01');

/** As they are known on a day. */
export function offeringsOn({ listings }: Securities, today: DayNumber): readonly Offering[] {
  const offerings: Offering[] = [];
  for (const { security, first, ticker } of listings) {
    // A new name of an old company is no offering.
    if (first < FIRST || security.listings[0]?.first !== first || security.type === 'WARRANT') continue;
    const hash = mix32(security.seed ^ 0x1b0) >>> 0;
    const announced = first - 20 - (hash % 60);
    if (announced > today) continue;
    const common = { security, hash, issuer: security.name, announced };
    const code = hash % 25 === 4 ? undefined : cusipOf(security.seed);
    offerings.push({ ...common, ...stateOf({ hash, ticker, first, announced }, today), code });
    if (hash % 9 === 2 && isEquity(security.type))
      offerings.push(neverListed(security, announced + 11, today));
  }
  return offerings;
}

function stateOf(
  of: {
    readonly hash: number;
    readonly ticker: string;
    readonly first: DayNumber;
    readonly announced: DayNumber;
  },
  today: DayNumber,
): Pick<Offering, 'ticker' | 'listing' | 'updated' | 'status'> {
  const { hash, ticker, first, announced } = of;
  const direct = hash % 70 === 3;
  if (today > first)
    return {
      ticker,
      listing: first,
      updated: first + 1,
      status: direct ? 'direct_listing_process' : 'history',
    };
  if (today === first) return { ticker, listing: first, updated: first, status: 'new' };
  // Two weeks before its day it had another day, and before that neither a day nor a ticker.
  if (today > first - 7) return { ticker, listing: first, updated: first - 6, status: 'pending' };
  if (today > first - 14) return { ticker, listing: first - 2, updated: first - 13, status: 'pending' };
  return {
    ticker: undefined,
    listing: undefined,
    updated: announced,
    status: hash % 2 === 0 ? 'rumor' : 'pending',
  };
}

function neverListed(beside: Security, announced: DayNumber, today: DayNumber): Offering {
  const hash = mix32(beside.seed ^ 0x9e7) >>> 0;
  const ended = today > announced + 90;
  const status = ended ? (hash % 3 === 0 ? 'postponed' : 'withdrawn') : hash % 2 === 0 ? 'rumor' : 'pending';
  return {
    ...{ security: beside, hash, issuer: `${companyWords(hash)} Acquisition Corp`, ticker: undefined },
    ...{
      code: undefined,
      announced,
      listing: undefined,
      updated: ended ? announced + 91 : announced,
      status,
    },
  };
}
