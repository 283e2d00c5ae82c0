/**
 * Which ticker an instrument is. First what the usual program gets wrong, then what it gets right: all of
 * that is kept.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alias, BUILT_IN_ALIASES } from '#market/instruments/aliases.js';
import { buildIndex } from '#market/instruments/archive-index.js';
import type { IndexEntry, Instrument } from '#market/instruments/instrument.js';
import { explainMatch, type Match, matchInstrument } from '#market/instruments/match.js';
import { VENUES } from '#market/instruments/venues.js';

/** `AAPL.US`; a Polish share has no ending; `world/^SPX` says its region. */
function entry(name: string): IndexEntry {
  const [region, ticker] = name.includes('/') ? name.split('/') : [undefined, name];
  const ending = /\.(us|uk|pl|hk|jp|hu)$/i.exec(ticker ?? '')?.[1]?.toLowerCase() ?? 'pl';
  const where = region ?? ending;
  return {
    ticker: (ticker ?? '').toUpperCase(),
    path: `d_${where}_txt/data/daily/${where}/stocks/${ticker?.toLowerCase()}.txt`,
    region: where,
    category: 'stocks',
  };
}

function instrument(symbol: string, market: string, isin = ''): Instrument {
  return { symbol, market, isin, name: '', currency: '', sourceFile: 'list.csv' };
}

function matchIn(
  archive: string,
  symbol: string,
  market: string,
  aliases: readonly Alias[] = BUILT_IN_ALIASES,
): Match {
  const index = buildIndex(archive.split(' ').map(entry));
  return matchInstrument(instrument(symbol, market), { index, aliases });
}

/** `TICKER strategy`, or the reason. */
function told(match: Match): string {
  return match.kind === 'matched' ? `${match.ticker} ${match.strategy}` : match.reason;
}

describe('what the usual program gets wrong', () => {
  it.each([
    ['SIE:GR', 'DEU-XETRA', 'SIE.US', 'no_source_data(.DE)'],
    ['ABC:TO', 'TSX', 'ABC.US', 'no_source_data(.TO)'],
    ['EVI', 'NYSE', 'LEVI.US', 'manual_review'],
    ['COM', 'NYSE', 'QCOM.US', 'manual_review'],
    ['HOM.U', 'TSX', 'HOM.US', 'no_source_data(.TO)'],
    ['ACR.H', 'TSX', 'ACR.US', 'no_source_data(.TO)'],
    ['BRK.B', 'NYSE', 'BRK-B.US BRK-A.US', 'BRK-B.US base_market'],
    ['BT.A', 'LSE', 'BT-A.UK', 'BT-A.UK base_market'],
    ['RE.B', 'LSE', 'RE.UK RE-B.UK', 'RE-B.UK base_market'],
    ['RE.B', 'LSE', 'RE.UK', 'manual_review'],
    ['BAC PR L', 'NYSE', 'BAC_L.US BAC.US', 'BAC_L.US base_market'],
    ['BAC-L', 'NYSE', 'BAC_L.US BAC.US', 'BAC_L.US base_market'],
    ['EXM', 'BRU', 'EXM', 'no_source_data(.BE)'],
    ['PRX', 'AMS', 'PRX.PL', 'no_source_data(.NL)'],
    ['BRNL', 'AMS', 'BRNL.UK', 'no_source_data(.NL)'],
    ['KGH:PW', 'GPW-WWA', 'KGH', 'KGH ticker'],
    ['700:HK', '', '0700.HK', '0700.HK ticker'],
    ['XYZ', '', 'XYZ.US XYZ.UK', 'ambiguous_variants'],
    ['FB:US', '', 'META.US', 'META.US alias'],
    ['FISV:US', '', 'FISV.US FI.US', 'FISV.US ticker'],
  ])('%s on %j in an archive of %s is %s', (symbol, market, archive, right) => {
    expect(told(matchIn(archive, symbol, market))).toBe(right);
  });

  it('an alias is said, with the day of the new name', () => {
    expect(matchIn('META.US', 'FB:US', 'NASDAQ')).toMatchObject({
      by: 'alias',
      alias: 'FB>META since 2022-06-09',
      confidence: 'medium',
    });
  });

  it('the unit of a Canadian fund is the dot spelled as a dash, where Toronto is in the archive', () => {
    const index = buildIndex([{ ...entry('HOM-U.PL'), ticker: 'HOM-U.TO', region: 'ca' }, entry('HOM.US')]);
    expect(told(matchInstrument(instrument('HOM.U', 'TSX'), { index, aliases: [] }))).toBe(
      'HOM-U.TO base_market',
    );
  });
});

describe('what the usual program gets right', () => {
  it.each([
    ['AAPL:US', 'NASDAQ (USD) USA-NASDAQ APPLE INC', 'AAPL.US', 'AAPL.US ticker'],
    ['AGED:LN', 'GBR-LSE', 'AGED.UK', 'AGED.UK ticker'],
    ['ETFBTBSP:PW', 'GPW-WWA', 'ETFBTBSP.PL', 'ETFBTBSP.PL ticker'],
    ['WPS', 'LSE', 'WPS.UK WPS.US', 'WPS.UK base_market'],
    ['BP.', 'LSE', 'BP.UK BP.US', 'BP.UK base_market'],
    ['VOD.L', 'LSE', 'VOD.UK', 'VOD.UK ticker'],
    ['VOD.L', '', 'VOD.UK VOD.US', 'VOD.UK ticker'],
    ['AAPL', 'NYSE US74767V1098 QS', 'AAPL.US', 'AAPL.US base_market'],
    ['AAPL', 'NYSE-MKT', 'AAPL.US', 'AAPL.US base_market'],
    ['aapl:us', 'NSQ', 'AAPL.US', 'AAPL.US ticker'],
    ['XYZ', '', 'XYZ.UK', 'XYZ.UK unique_name'],
    ['', 'NYSE', 'XYZ.UK XYZ.US', 'missing_symbol'],
    ['XYZ', 'NYSE', 'XYZ.UK ABC.US', 'alias_required'],
    ['XYZ', 'NYSE', 'XYZ.UK XYZ.HK ABC.US', 'ambiguous_variants'],
  ])('%s on %j in an archive of %s is %s', (symbol, market, archive, right) => {
    expect(told(matchIn(archive, symbol, market))).toBe(right);
  });

  it('spells preferred shares as brokers do', () => {
    for (const symbol of ['BAC PR L', 'BAC-L', 'BACpL', 'BAC.PR.L', 'BAC-PL', 'BAC/PRL'])
      expect(told(matchIn('BAC_L.US BAC.US BACPL.US', symbol, 'NYSE')), symbol).toBe('BAC_L.US base_market');
  });

  it('a name without an ending is a share in Poland, and nothing elsewhere', () => {
    expect(told(matchIn('world/EXM ABC', 'EXM', 'GPW'))).toBe('manual_review');
    expect(told(matchIn('EXM EXM.PL', 'EXM', 'GPW'))).toBe('EXM base_market');
    expect(told(matchIn('world/BTC.V', 'BTC:V', ''))).toBe('no_source_data(.V)');
  });
});

describe('aliases of the user', () => {
  const own = (from: string, to: string): Alias => ({ from, to, since: '', venue: undefined });

  it('go before the built-in ones, and may ask for what is no share', () => {
    const aliases = [own('FB', 'FBX'), own('BTC', 'BTC.V'), ...BUILT_IN_ALIASES];
    expect(told(matchIn('META.US FBX.US', 'FB:US', '', aliases))).toBe('FBX.US alias');
    expect(told(matchIn('world/BTC.V META.US', 'BTC:US', '', aliases))).toBe('BTC.V alias');
    expect(told(matchIn('BTC.US world/BTC.V', 'BTC:US', '', aliases))).toBe('BTC.US ticker');
  });
});

const letters = fc.string({ unit: fc.constantFrom(...'ABCLQU'), minLength: 1, maxLength: 3 });
const shares = fc.uniqueArray(
  fc.tuple(letters, fc.constantFrom('.US', '.UK', '.HK', '')).map(([base, ending]) => base + ending),
  { minLength: 1, maxLength: 30 },
);

it('a market that is known is never matched to another market', () => {
  const markets = {
    NYSE: VENUES.us,
    LSE: VENUES.london,
    GPW: VENUES.warsaw,
    TSX: VENUES.toronto,
    AMS: VENUES.amsterdam,
  };
  fc.assert(
    fc.property(
      shares,
      letters,
      fc.constantFrom('', '.', '.U', '.L', ':ZZ'),
      fc.constantFrom(...(Object.keys(markets) as (keyof typeof markets)[])),
      (archive, base, ending, market) => {
        const index = buildIndex(archive.map(entry));
        const { match } = explainMatch(instrument(base + ending, market), { index, aliases: [] });
        if (match.kind === 'unmatched') return;
        const extensions: readonly string[] = markets[market].extensions;
        const found = index.ticker(match.ticker);
        expect(extensions).toContain(found?.extension);
        // Nothing is put before a name or taken from it.
        expect(found?.base.replace('-', '.')).toBe(
          (base + ending)
            .replace(/:.*|\.$/, '')
            .replace(/\.L$/, market === 'LSE' ? '' : '.L')
            .replace(/\.U$/, market === 'NYSE' ? '' : '.U'),
        );
      },
    ),
  );
});
