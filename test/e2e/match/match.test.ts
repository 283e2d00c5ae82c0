/** `barloom match` from lists and an archive to reports and price files. */
import { rename, symlink } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Workdir } from '../../support/workdir.js';
import { LISTS, makeArchive, match, matchJson, PRICES_HEADER, priceRows, ROOT } from './archive.js';

async function archive(): Promise<Workdir> {
  const work = await Workdir.make();
  await makeArchive(work);
  return work;
}

it('writes the index, both reports and the price files in the documented form', async () => {
  const work = await archive();
  const { code, stdout, stderr } = await match(work);
  expect(stderr).toContain('running full pipeline: no run before');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('7 instruments, 6 matched to 6 price files of 7');
  expect(work.read('data/metadata/stooq_index.csv').split('\n').slice(0, 3)).toEqual([
    'ticker,stem,relative_path,region,category',
    'KGH,KGH,d_pl_txt/data/daily/pl/wse stocks/kgh.txt,pl,wse stocks',
    'WPS.UK,WPS.UK,d_uk_txt/data/daily/uk/lse stocks/wps.uk.txt,uk,lse stocks',
  ]);
  const report = work.read('data/metadata/tradeable_matches.csv').trimEnd().split('\n');
  expect(report[0]).toBe(
    'symbol,isin,market,name,currency,matched_ticker,stooq_path,region,category,strategy,source_file,price_start,price_end,price_rows,' +
      'inferred_currency,resolved_currency,currency_status,data_status,data_flags,currency_unit,currency_unit_from,matched_by,confidence',
  );
  expect(report.slice(1)).toEqual([
    'AAPL:US,US1,NASDAQ,"Apple, Inc.",USD,AAPL.US,d_us_txt/data/daily/us/nasdaq stocks/1/aapl.us.txt,us,nasdaq stocks/1,ticker,a.csv,2024-06-10,2024-06-13,4,USD,USD,match,ok,,1,listed,exact,high',
    'BRK.B,US2,NYSE,Berkshire,USD,BRK-B.US,d_us_txt/data/daily/us/nyse stocks/1/brk-b.us.txt,us,nyse stocks/1,base_market,a.csv,2024-06-10,2024-06-13,4,USD,USD,match,ok,,1,listed,class_share,medium',
    'WPS,GB1,LSE,W.A.G Plc. GBX,,WPS.UK,d_uk_txt/data/daily/uk/lse stocks/wps.uk.txt,uk,lse stocks,base_market,a.csv,2024-06-10,2024-06-13,4,GBP,GBP,match,ok,,0.01,listed,exact,high',
    'GONE:US,US3,NYSE,Gone,USD,GONE.US,d_us_txt/data/daily/us/nyse stocks/1/gone.us.txt,us,nyse stocks/1,ticker,a.csv,,,0,USD,USD,match,empty,,1,listed,exact,high',
    'KGH:PW,PL1,GPW-WWA,KGHM,PLN,KGH,d_pl_txt/data/daily/pl/wse stocks/kgh.txt,pl,wse stocks,ticker,b.csv,2024-06-10,2024-06-13,4,PLN,PLN,match,ok,,1,listed,exact,high',
    'MSFT,US4,NSQ,Microsoft USD,,MSFT.US,d_us_txt/data/daily/us/nasdaq stocks/2/msft.us.txt,us,nasdaq stocks/2,base_market,b.csv,2024-06-10,2024-06-13,4,USD,USD,match,ok,,1,listed,exact,high',
  ]);
  expect(work.read('data/metadata/tradeable_unmatched.csv')).toBe(
    'symbol,isin,market,name,currency,source_file,reason,hint\nPRX,NL1,AMS,Prosus,EUR,a.csv,no_source_data(.NL),\n',
  );
  const rows = priceRows('KGH', [20240610, 20240611, 20240612, 20240613], 50);
  expect(work.read('data/processed/tradeable_prices/kgh.csv')).toBe(`${PRICES_HEADER}${rows.join('\n')}\n`);
  expect(work.has('data/processed/tradeable_prices/gone.us.csv')).toBe(false);
});

it('an ISIN that another line has is a hint, and no match', async () => {
  const work = await archive();
  await work.write('tradeable_instruments/c.csv', 'symbol,isin,market\nPKN,PL1,BRU\n');
  await match(work);
  expect(work.read('data/metadata/tradeable_unmatched.csv')).toContain(
    'PKN,PL1,BRU,,,c.csv,no_source_data(.BE),same_isin=KGH\n',
  );
});

it('of a ticker in two folders the one with the newer row counts, and it is said', async () => {
  const work = await archive();
  const older = `${ROOT}/d_us_txt/data/daily/us/nasdaq stocks/0/aapl.us.txt`;
  await work.write(older, priceRows('AAPL.US', [20230102, 20230103]).join('\r\n'));
  await work.write(`${ROOT}/d_us_txt/data/daily/us/nasdaq stocks/3/aapl.us.txt`, '');
  const { stderr, code } = await match(work);
  expect(code).toBe(0);
  expect(stderr).toContain(
    'AAPL.US lies in several folders of the archive: d_us_txt/data/daily/us/nasdaq stocks/1/aapl.us.txt counts',
  );
});

it('bars of minutes are never taken for days, and links are not followed', async () => {
  const work = await archive();
  await work.write(`${ROOT}/5_us_txt/data/5 min/us/nasdaq stocks/nvda.us.txt`, 'x');
  await symlink(work.at(ROOT, 'd_us_txt'), work.at(ROOT, 'link'));
  await work.write('tradeable_instruments/c.csv', 'symbol,market\nNVDA,NSQ\n');
  expect(await matchJson(work)).toMatchObject({
    matched: 6,
    archive_files: 8,
    left_out: { links: 1, dated: 1, hidden: 1 },
  });
});

it('explains an instrument by every name that it tried', async () => {
  const work = await archive();
  const { stdout, code } = await match(work, '--explain BRK.B');
  expect(code).toBe(0);
  expect(stdout).toContain('BRK.B on NYSE (in a.csv, Berkshire)');
  expect(stdout).toContain('BRK-B.US  class_share: BRK-B.US');
  expect((await match(work, '--explain EXM:BRU')).stdout).toContain('no_source_data(.BE)');
  expect(work.has('data/metadata')).toBe(false);
});

it('status tells what the last run found, and that there was none', async () => {
  const work = await archive();
  expect(await match(work, 'status')).toMatchObject({ code: 2 });
  await match(work);
  const { stdout, code } = await match(work, 'status');
  expect(code).toBe(0);
  expect(stdout).toMatch(/NYSE +2 +2 +0/);
  expect(stdout).toMatch(/AMS +1 +0 +1/);
  expect(stdout).toContain('1  no_source_data(.NL): that market is not in the archive');
});

it('the older program’s options mean what they meant', async () => {
  const work = await archive();
  await rename(work.at('tradeable_instruments'), work.at('lists'));
  const { code, stderr } = await match(
    work,
    '--tradeable-dir lists --metadata-output m/i.csv --match-report m/a.csv --unmatched-report m/b.csv --prices-output p --overwrite-prices ' +
      '--include-empty-prices --lse-currency-policy strict --max-workers 1 --index-workers 0 --cache-metadata m/s.json --incremental',
  );
  expect(code, stderr).toBe(0);
  expect(work.read('p/gone.us.csv')).toBe(PRICES_HEADER);
  for (const file of ['m/i.csv', 'm/a.csv', 'm/b.csv', 'm/s.json']) expect(work.has(file), file).toBe(true);
  expect(await match(work, '--index a --metadata-output b')).toMatchObject({ code: 2 });
});

it('says what to get where there is no archive, and what to mend where a list is broken', async () => {
  const work = await Workdir.make();
  await work.write('tradeable_instruments/a.csv', LISTS['a.csv'] ?? '');
  const none = await match(work);
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('https://stooq.com/db/h/');
  await makeArchive(work);
  await work.write('tradeable_instruments/z.csv', 'ticker\nAAPL\n');
  for (let i = 0; i < 2; i++) {
    const { code, stderr } = await match(work);
    expect(code).toBe(3);
    expect(stderr).toContain('z.csv, line 1: no column symbol among ticker');
  }
});

it('writes nothing among what it reads', async () => {
  const work = await archive();
  expect(await match(work, '--match-report tradeable_instruments/r.csv')).toMatchObject({ code: 2 });
  expect(await match(work, '--prices-dir data/stooq/p')).toMatchObject({ code: 2 });
  expect(work.has('data/metadata')).toBe(false);
});

it('a dry run says what would be read and writes nothing', async () => {
  const work = await archive();
  const { stdout, code } = await match(work, '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('7 instruments of 2 lists');
  expect(work.has('data/metadata')).toBe(false);
});

it('writes yfinance files that show and export read', async () => {
  const work = await archive();
  expect(await match(work, '--format yfinance --prices-dir p')).toMatchObject({ code: 0 });
  expect(work.read('p/data_cache/AAPL.US_1d_data.csv')).toBe(
    'Date,Open,High,Low,Close,Volume\n' +
      ['10', '11', '12', '13'].map((day) => `2024-06-${day},10,11,9,10,100\n`).join(''),
  );
  const { stdout, code } = await work.run(['export', 'AAPL.US', '--data-dir', work.at('p')]);
  expect(code).toBe(0);
  expect(stdout).toContain('2024-06-13');
});

it('the sandbox’s archive is matched as a real one: with oddities, and without mistakes', async () => {
  const work = await Workdir.make();
  const made = await work.run(['sandbox', 'stooq', work.data, '--files', '300']);
  expect(made.code, made.stderr).toBe(0);
  expect(await match(work)).toMatchObject({ code: 0 });
  const report = work.read('data/metadata/tradeable_matches.csv');
  for (const symbol of ['BRK.B', 'BAC-L', 'BT.A', 'FB:US']) expect(report).toContain(`\n${symbol},`);
  expect(report).toContain('alias:FB>META since 2022-06-09');
  expect(work.read('data/metadata/tradeable_unmatched.csv')).toContain(
    'EXM,BE0003808251,BRU,EUR,,broker-2025-08.csv,no_source_data(.BE),same_name=EXM',
  );
  expect(work.has('data/processed/tradeable_prices/bac_l.us.csv')).toBe(true);
  expect((await work.run(['sandbox', 'stooq', work.data])).code).toBe(2);
});
