/** Lists that hardly ever change: types of tickers, exchanges, conditions of trades and quotes. */
import { jsonObject, plain } from '../json-number.js';
import type { Table } from '../table.js';

interface TickerType {
  readonly code: string;
  readonly description: string;
  readonly assetClass: string;
  readonly locale: string;
}

const TYPES =
  'CS Common Stock|PFD Preferred Stock|WARRANT Warrant|RIGHT Rights|BOND Corporate Bond|ETF Exchange Traded Fund|ETN Exchange Traded Note|ETV Exchange Traded Vehicle|SP Structured Product|ADRC American Depository Receipt Common|ADRP American Depository Receipt Preferred|ADRW American Depository Receipt Warrants|ADRR American Depository Receipt Rights|FUND Fund|BASKET Basket|UNIT Unit|LT Liquidating Trust|OS Ordinary Shares|GDR Global Depository Receipts|NYRS New York Registry Shares|AGEN Agency Bond|EQLK Equity Linked Bond|OTHER Other Security Type';

const TICKER_TYPES: readonly TickerType[] = [
  ...TYPES.split('|').map((text) => text.split(/ (.*)/s)),
  ['INDEX', 'Index'],
].map(([code = '', description = '']) => ({
  ...{ code, description, assetClass: code === 'INDEX' ? 'indices' : 'stocks', locale: 'us' },
}));

export const tickerTypes: Table<TickerType> = {
  generation: 'old',
  columns: {
    code: { kind: 'text', of: (type) => type.code },
    asset_class: { kind: 'text', of: (type) => type.assetClass },
    locale: { kind: 'text', of: (type) => type.locale },
  },
  sort: [],
  limit: { usual: 1000, most: 1000 },
  rows: () => TICKER_TYPES,
  json: ({ code, description, assetClass, locale }) =>
    jsonObject({
      ...{ code: plain(code), description: plain(description) },
      ...{ asset_class: plain(assetClass), locale: plain(locale) },
    }),
};

interface Exchange {
  readonly id: number;
  readonly type: 'exchange' | 'TRF' | 'SIP' | 'ORF';
  readonly name: string;
  readonly acronym?: string;
  readonly mic?: string;
  readonly operatingMic?: string;
  readonly participant?: string;
  readonly url?: string;
  readonly assetClass?: string;
}

const NYSE_GROUP = { operatingMic: 'XNYS', url: 'https://www.nyse.com' };
const NASDAQ_GROUP = { operatingMic: 'XNAS', url: 'https://www.nasdaq.com' };
const CBOE_GROUP = { operatingMic: 'XCBO', url: 'https://www.cboe.com' };

/** Numbers, names and codes are the real ones. */
const EXCHANGES: readonly Exchange[] = [
  {
    id: 1,
    type: 'exchange',
    name: 'NYSE American, LLC',
    acronym: 'AMEX',
    mic: 'XASE',
    participant: 'A',
    ...NYSE_GROUP,
  },
  { id: 2, type: 'exchange', name: 'Nasdaq OMX BX, Inc.', mic: 'XBOS', participant: 'B', ...NASDAQ_GROUP },
  {
    id: 3,
    type: 'exchange',
    name: 'NYSE National, Inc.',
    acronym: 'NSX',
    mic: 'XCIS',
    participant: 'C',
    ...NYSE_GROUP,
  },
  { id: 4, type: 'TRF', name: 'FINRA Alternative Display Facility', mic: 'XADF', participant: 'D' },
  { id: 5, type: 'SIP', name: 'Unlisted Trading Privileges', participant: 'E', operatingMic: 'XNAS' },
  { id: 7, type: 'exchange', name: 'Cboe EDGA', mic: 'EDGA', participant: 'J', ...CBOE_GROUP },
  { id: 8, type: 'exchange', name: 'Cboe EDGX', mic: 'EDGX', participant: 'K', ...CBOE_GROUP },
  { id: 10, type: 'exchange', name: 'New York Stock Exchange', mic: 'XNYS', participant: 'N', ...NYSE_GROUP },
  { id: 11, type: 'exchange', name: 'NYSE Arca, Inc.', mic: 'ARCX', participant: 'P', ...NYSE_GROUP },
  { id: 12, type: 'exchange', name: 'Nasdaq', mic: 'XNAS', participant: 'T', ...NASDAQ_GROUP },
  {
    id: 15,
    type: 'exchange',
    name: 'Investors Exchange',
    mic: 'IEXG',
    participant: 'V',
    url: 'https://www.iextrading.com',
  },
  { id: 19, type: 'exchange', name: 'Cboe BZX', mic: 'BATS', participant: 'Z', ...CBOE_GROUP },
  { id: 62, type: 'ORF', name: 'OTC Equity Security', mic: 'OOTC', operatingMic: 'FINR' },
  {
    id: 202,
    type: 'TRF',
    name: 'FINRA NASDAQ TRF Carteret',
    mic: 'FINN',
    operatingMic: 'FINR',
    participant: 'Q',
  },
  { id: 201, type: 'TRF', name: 'FINRA NYSE TRF', mic: 'FINY', operatingMic: 'FINR', participant: 'N' },
  // The older list has other markets' too.
  {
    id: 300,
    type: 'exchange',
    name: 'NYSE American Options',
    mic: 'AMXO',
    assetClass: 'options',
    ...NYSE_GROUP,
  },
  { id: 1, type: 'exchange', name: 'Coinbase', assetClass: 'crypto', url: 'https://www.coinbase.com' },
];

function exchanges(
  json: (exchange: Exchange) => string,
  rows: readonly Exchange[],
  most: number,
): Table<Exchange> {
  return {
    generation: most < 1000 ? 'v1' : 'old',
    columns: {
      id: { kind: 'number', of: (exchange) => exchange.id },
      asset_class: { kind: 'text', of: (exchange) => exchange.assetClass ?? 'stocks' },
      locale: { kind: 'text', of: (exchange) => (exchange.assetClass === 'crypto' ? 'global' : 'us') },
    },
    sort: [],
    limit: { usual: most < 1000 ? 100 : most, most },
    rows: () => rows,
    json,
  };
}

function exchangeFields(exchange: Exchange): Record<string, string | undefined> {
  return {
    ...{ type: plain(exchange.type), name: plain(exchange.name), acronym: plain(exchange.acronym) },
    ...{ mic: plain(exchange.mic), operating_mic: plain(exchange.operatingMic) },
    ...{ participant_id: plain(exchange.participant), url: plain(exchange.url) },
  };
}

/** With numbers for ids, as trades and quotes have them; off-exchange reports of OTC shares are no type yet. */
export const exchangesV3 = exchanges(
  (exchange) =>
    jsonObject({
      id: String(exchange.id),
      ...exchangeFields(exchange),
      asset_class: plain(exchange.assetClass ?? 'stocks'),
      locale: plain(exchange.assetClass === 'crypto' ? 'global' : 'us'),
    }),
  EXCHANGES.filter(({ type }) => type !== 'ORF'),
  1000,
);

/** With texts for ids. */
export const exchangesV1 = exchanges(
  (exchange) =>
    jsonObject({ id: plain(String(exchange.id)), ...exchangeFields(exchange), locale: plain('US') }),
  EXCHANGES.filter(({ assetClass }) => assetClass === undefined),
  999,
);

interface Condition {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly dataTypes: readonly string[];
  readonly sips: Readonly<Record<string, string>>;
  readonly legacy?: true;
  readonly volumeOnly?: true;
}

/** Ids are unique only within a kind of data: 1 is a trade's condition, and a quote's. */
const CONDITIONS: readonly Condition[] = [
  { id: 0, type: 'sale_condition', name: 'Regular Sale', dataTypes: ['trade'], sips: { CTA: '@', UTP: '@' } },
  { id: 1, type: 'sale_condition', name: 'Acquisition', dataTypes: ['trade'], sips: { UTP: 'A' } },
  {
    id: 2,
    type: 'sale_condition',
    name: 'Average Price Trade',
    dataTypes: ['trade'],
    sips: { CTA: 'B', UTP: 'W' },
    volumeOnly: true,
  },
  { id: 5, type: 'sale_condition', name: 'Bunched Sold Trade', dataTypes: ['trade'], sips: { UTP: 'G' } },
  {
    id: 7,
    type: 'sale_condition',
    name: 'Cash Sale',
    dataTypes: ['trade'],
    sips: { CTA: 'C', UTP: 'C' },
    volumeOnly: true,
  },
  { id: 8, type: 'sale_condition', name: 'Closing Prints', dataTypes: ['trade'], sips: { UTP: '6' } },
  {
    id: 12,
    type: 'sale_condition',
    name: 'Form T/Extended Hours',
    dataTypes: ['trade'],
    sips: { CTA: 'T', UTP: 'T' },
    volumeOnly: true,
  },
  {
    id: 14,
    type: 'sale_condition',
    name: 'Intermarket Sweep',
    dataTypes: ['trade'],
    sips: { CTA: 'F', UTP: 'F' },
  },
  {
    id: 15,
    type: 'sale_condition',
    name: 'Market Center Official Close',
    dataTypes: ['trade'],
    sips: { CTA: 'M', UTP: 'M' },
    volumeOnly: true,
  },
  {
    id: 37,
    type: 'sale_condition',
    name: 'Odd Lot Trade',
    dataTypes: ['trade'],
    sips: { CTA: 'I', UTP: 'I' },
    volumeOnly: true,
  },
  {
    id: 38,
    type: 'sale_condition',
    name: 'Corrected Consolidated Close',
    dataTypes: ['trade'],
    sips: { CTA: '9', UTP: '9' },
    legacy: true,
  },
  {
    id: 1,
    type: 'quote_condition',
    name: 'Regular, Two-Sided Open',
    dataTypes: ['bbo', 'nbbo'],
    sips: { CTA: 'R', UTP: 'R' },
  },
  {
    id: 5,
    type: 'quote_condition',
    name: 'Slow Due Set Slow List B',
    dataTypes: ['bbo'],
    sips: { CTA: 'W' },
  },
];

export const conditions: Table<Condition> = {
  generation: 'old',
  columns: {
    id: { kind: 'number', of: (condition) => condition.id },
    asset_class: { kind: 'text', of: () => 'stocks' },
    data_type: { kind: 'list', of: (condition) => condition.dataTypes },
    sip: { kind: 'list', of: (condition) => Object.keys(condition.sips) },
    type: { kind: 'text', of: (condition) => condition.type },
    name: { kind: 'text', of: (condition) => condition.name },
  },
  sort: [],
  limit: { usual: 10, most: 1000 },
  rows: () => CONDITIONS,
  json: ({ id, type, name, dataTypes, sips, legacy, volumeOnly }) => {
    const rule = {
      updates_high_low: volumeOnly !== true,
      updates_open_close: volumeOnly !== true,
      updates_volume: true,
    };
    const rules = { consolidated: rule, market_center: rule };
    return JSON.stringify({
      ...{ id, type, name, asset_class: 'stocks', data_types: dataTypes, sip_mapping: sips },
      ...(legacy === true && { legacy }),
      ...(type === 'sale_condition' && { update_rules: rules }),
    });
  },
};
