/** Names for companies and funds, invented from a number; well-known symbols keep their own. */
import type { SecurityType } from './security-types.js';

const KNOWN: Readonly<Record<string, string>> = {
  AAPL: 'Apple Inc.',
  MSFT: 'Microsoft Corp',
  NVDA: 'Nvidia Corp',
  AMZN: 'Amazon.Com Inc',
  GOOGL: 'Alphabet Inc. Class A Common Stock',
  GOOG: 'Alphabet Inc. Class C Capital Stock',
  FB: 'Meta Platforms, Inc. Class A Common Stock',
  TSLA: 'Tesla, Inc. Common Stock',
  'BRK.A': 'Berkshire Hathaway Inc.',
  'BRK.B': 'BERKSHIRE HATHAWAY Class B',
  SPY: 'SPDR S&P 500 ETF Trust',
  NA: 'Nano Labs Ltd',
  TRUE: 'TrueCar, Inc.',
  X: 'United States Steel Corporation',
};

const FIRST =
  'Alder Amber Anchor Aspen Atlas Beacon Birch Bright Canyon Cedar Cobalt Copper Coral Crane Delta Drift Eagle Ember Falcon Fern Flint Garnet Glacier Granite Harbor Hazel Heron Hollow Indigo Iron Ivory Jade Juniper Kestrel Lark Laurel Linden Maple Meadow Mesa Nimbus North Oak Onyx Orchid Otter Pine Prairie Quartz Raven Ridge River Sable Sage Silver Slate Spruce Stone Summit Teal Thistle Timber Valley Willow'.split(
    ' ',
  );
const SECOND =
  'Analytics Bancorp Bio Brands Capital Chemicals Devices Dynamics Energy Estates Foods Freight Genomics Gold Health Holdings Hotels Industries Labs Lending Lines Logistics Materials Media Metals Motors Networks Oncology Pharma Power Retail Robotics Semiconductor Software Solar Steel Systems Therapeutics Trust Water'.split(
    ' ',
  );
const ENDINGS: Readonly<Record<SecurityType, readonly string[]>> = {
  CS: ['Inc.', 'Inc. Common Stock', 'Corp', 'Corporation', 'Ltd', 'Holdings, Inc. Class A'],
  ADRC: ['PLC American Depositary Shares', 'S.A. ADR'],
  OS: ['Ltd. Ordinary Shares', 'N.V.'],
  ETF: ['Equity ETF', 'Bond ETF', 'Income & Growth ETF', 'UltraShort 2X ETF'],
  ETN: ['ETNs due 2041'],
  FUND: ['Municipal Income Fund', 'High Yield Fund'],
  PFD: ['Preferred Stock, 5.25% Series', 'Depositary Shares, 1/1000th Preferred'],
  WARRANT: ['Warrants, each exercisable at $11.50'],
  RIGHT: ['Rights, one tenth of a share each'],
  UNIT: ['Units, one share and one half warrant'],
};

/** A well-known company's own name, of the symbol's first owner. */
export function knownName(ticker: string): string | undefined {
  return KNOWN[ticker]?.replace(/,? (Class [A-C] )?(Common|Capital) Stock$/, '');
}

/** The company's words, without what kind of paper it is. */
export function companyWords(seed: number): string {
  const hash = seed >>> 0;
  return `${FIRST[hash % FIRST.length] ?? ''} ${SECOND[(hash >>> 8) % SECOND.length] ?? ''}`;
}

export function securityName(ticker: string, first: boolean, type: SecurityType, seed: number): string {
  const known = first ? KNOWN[ticker] : undefined;
  if (known !== undefined) return known;
  const endings = ENDINGS[type];
  return `${companyWords(seed)} ${endings[(seed >>> 20) % endings.length] ?? ''}`;
}
