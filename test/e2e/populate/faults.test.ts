/**
 * Trouble on the wire that stays, and days that are not as they should be. Every kind of fault at every rate:
 * test/torture/wire/sweep.test.ts.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { error, MINI_KEYS, startMiniS3 } from '../../support/mini-s3.js';
import { minuteKey } from '../../support/minute-days.js';
import {
  addsUp,
  barLine,
  dayObjects,
  getsOf,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';

const RANGE = '--start 2024-05-01 --end 2024-05-14 --tickers AAPL,BRK.B,TRUE';

it('replaced between listing and download: the newer one counts', async () => {
  const plain = await Workdir.make(await market());
  expect((await plain.populate(RANGE)).code).toBe(0);
  const sandbox = await market({ faults: { seed: 7, faults: [{ kind: 'replaced', rate: 0.5 }] } });
  const work = await Workdir.make(sandbox);
  const { code, stderr } = await work.populate(RANGE);
  expect(code, stderr).toBe(0);
  expect(work.tiers()).toEqual(plain.tiers());
  const again = await work.populateJson(`${RANGE} --recheck`);
  expect(again.summary.days.unchanged).toBe(again.summary.days.sessions);
});

describe('a fault that does not pass', () => {
  it('on one day: tried five times, then failed; the others are done; the next run tries it again', {
    timeout: 60_000,
  }, async () => {
    const day = '2024-05-08';
    const sandbox = await market({ faults: { faults: [{ kind: 'flip', keys: [keyOf(day)] }] } });
    const work = await Workdir.make(sandbox);
    for (const attempts of [5, 10]) {
      const { code, summary } = await work.populateJson(RANGE);
      expect(code).toBe(3);
      expect(summary.problems).toEqual([
        { day, state: 'failed', reason: expect.stringMatching(/MD5 is \w{32} and should be \w{32}/) },
      ]);
      expect((await getsOf(sandbox))[keyOf(day)]).toBe(attempts);
      expect(work.has('massive_cache', `${day}.csv.gz`)).toBe(false);
      expect(work.series('AAPL')).not.toContain(day);
    }
  });

  it.each([
    ['no CSV', gzipSync('<html>Sign in</html>\n')],
    ['other columns', gzipSync('ticker,price\nAAPL,1\n')],
    ['a damaged gzip', gzipSync(HEADER + barLine('AAPL')).subarray(0, -6)],
  ])('in what the vendor has, %s: fetched twice, which proves it', { timeout: 60_000 }, async (_, bytes) => {
    const day = '2024-05-08';
    const sandbox = await market({ objects: new Map([[keyOf(day), bytes]]) });
    const work = await Workdir.make(sandbox);
    const { code, summary } = await work.populateJson(RANGE);
    expect(code).toBe(3);
    expect(summary.problems).toMatchObject([{ day, state: 'failed' }]);
    expect((await getsOf(sandbox))[keyOf(day)]).toBe(2);
  });

  it('in a large day too, where the fault shows before the last byte has come', {
    timeout: 60_000,
  }, async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `T${i},1,x\n`).join('');
    const key = minuteKey('2024-05-08');
    const sandbox = await market({
      objects: new Map([[key, gzipSync(`ticker,price,other\n${lines}`, { level: 0 })]]),
    });
    const work = await Workdir.make(sandbox);
    const { code, summary } = await work.populateJson(
      '-t stocks_minute --start 2024-05-08 --end 2024-05-08 --tickers AAPL',
    );
    expect([code, summary.problems]).toMatchObject([
      3,
      [{ state: 'failed', reason: expect.stringContaining('header lacks') }],
    ]);
    expect((await getsOf(sandbox))[key]).toBe(2);
  });

  it('on all days: the network gave out, 5, long before every day was tried', {
    timeout: 60_000,
  }, async () => {
    const sandbox = await market({ faults: { faults: [{ kind: 'reset', operations: ['get'] }] } });
    const work = await Workdir.make(sandbox);
    const { code, summary, stderr } = await work.populateJson(
      '--start 2023-05-01 --end 2024-05-14 --tickers AAPL --concurrency 4',
    );
    expect(code, stderr).toBe(5);
    expect(summary.days.available).toBeGreaterThan(200);
    expect(addsUp(summary)).toBe(true);
    expect(work.tiers()).toEqual({});
  });
});

describe('a server that says other things than it sends', () => {
  const DAY = '2024-05-01';
  const ONE = `--start ${DAY} --end ${DAY} --tickers AAPL`;
  const bytes = gzipSync(HEADER + barLine('AAPL'));
  const env = { AWS_ACCESS_KEY_ID: MINI_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: MINI_KEYS.secretAccessKey };

  it('an ETag that is not the MD5 of what came is damage; one of a multipart upload is no MD5', {
    timeout: 60_000,
  }, async () => {
    const mini = await startMiniS3();
    onTestFinished(() => mini.close());
    mini.put(keyOf(DAY), bytes);
    const work = await Workdir.make(mini);
    let etag = createHash('md5').update('another').digest('hex');
    mini.intercept = (request, response, url) => {
      if (!url.pathname.endsWith('.csv.gz')) return false;
      response.writeHead(200, { etag: `"${etag}"`, 'content-length': bytes.length });
      response.end(request.method === 'GET' ? bytes : undefined);
      return true;
    };
    const wrong = await work.populate(ONE, { env });
    expect(wrong.code).toBe(3);
    expect(work.tiers()).toEqual({});
    etag = `${etag}-2`;
    const multipart = await work.populate(ONE, { env });
    expect(multipart.code, multipart.stderr).toBe(0);
    expect(work.series('AAPL')).toBe(SERIES_HEADER + seriesLine(DAY));
  });

  it('a day that is listed and then is not there', { timeout: 60_000 }, async () => {
    const mini = await startMiniS3();
    onTestFinished(() => mini.close());
    mini.put(keyOf(DAY), bytes);
    mini.intercept = (_, response, url) => {
      if (!url.pathname.endsWith('.csv.gz')) return false;
      error(response, 404, 'NoSuchKey');
      return true;
    };
    const work = await Workdir.make(mini);
    const { code, summary } = await work.populateJson(ONE, { env });
    expect(code).toBe(3);
    expect(summary.problems).toMatchObject([{ day: DAY, state: 'failed' }]);
  });
});

describe('rows that are not as they should be', () => {
  it('no bars are left out with their lines told, of doubles the last is kept, and the archive has every byte', async () => {
    const day = '2024-05-01';
    const text = [
      HEADER,
      barLine('AAPL', 10),
      'BAD1,100,10,10.5,9,11,1714536000000000000,7\n', // line 3: high below low
      'BAD2,100,ten,10.5,11,9,1714536000000000000,7\n',
      'BAD3,100,10\n',
      barLine('DUP', 20),
      barLine('DUP', 21),
      'NOTE,100,10,10.5,11,9,1714536000000000000,\n', // without transactions: a bar
      'ZERO,0,10,10,10,10,1714536000000000000,0\n', // without volume: a bar
    ].join('');
    const work = await Workdir.make(await market({ objects: dayObjects({ [day]: text }) }));
    const { code, summary, stderr } = await work.populateJson(`--start ${day} --end ${day} --all-tickers`);
    expect(code).toBe(0);
    expect(summary.quality).toMatchObject({ not_bars: 3, doubles: 1 });
    const quality = stderr.split('\n').find((line) => line.includes('"type":"quality"')) ?? '';
    expect(JSON.parse(quality)).toMatchObject({
      day,
      notBars: {
        count: 3,
        first: [
          { line: 3, ticker: 'BAD1', reason: 'high is below low' },
          { line: 4, ticker: 'BAD2', reason: 'open is not a number' },
          { line: 5, ticker: 'BAD3', reason: 'too few fields' },
        ],
      },
      doubles: { count: 1, first: ['DUP'] },
    });
    expect(work.archiveText(day)).toBe(text);
    expect(work.series('DUP')).toBe(SERIES_HEADER + seriesLine(day, 21));
    expect(work.series('ZERO')).toBe(`${SERIES_HEADER}${day},10,10,10,10,0\n`);
    expect(Object.keys(work.tiers()).filter((name) => name.includes('BAD'))).toEqual([]);
  });

  it('columns in another order, CRLF, quotes, no order of tickers: the same series', async () => {
    const day = '2024-05-01';
    const texts: readonly string[] = [
      HEADER + barLine('AAPL') + barLine('MSFT', 20),
      HEADER + barLine('MSFT', 20) + barLine('AAPL'),
      (HEADER + barLine('AAPL') + barLine('MSFT', 20)).replaceAll('\n', '\r\n'),
      (HEADER + barLine('AAPL') + barLine('MSFT', 20)).trimEnd(),
      `${HEADER}"AAPL","100","10","10.5","11","9",1,7\n"MSFT",100,20,20.5,21,19,1,"7"\n`,
      'low,high,close,open,volume,ticker\n9,11,10.5,10,100,AAPL\n19.000000,21.0,20.50,20,100.000000,MSFT\n',
    ];
    for (const text of texts) {
      const work = await Workdir.make(await market({ objects: dayObjects({ [day]: text }) }));
      const { code } = await work.populate(`--start ${day} --end ${day} --tickers AAPL,MSFT`);
      expect(code).toBe(0);
      expect(work.series('AAPL'), text).toBe(SERIES_HEADER + seriesLine(day));
      expect(work.series('MSFT'), text).toBe(SERIES_HEADER + seriesLine(day, 20));
      const archived = work.archiveText(day);
      expect([...archived].sort().join(''), 'every byte').toBe([...text].sort().join(''));
      if (text !== texts[1]) expect(archived).toBe(text);
      // Out of the archive alone it is the same, too.
      await work.remove('data_cache');
      expect((await work.populate(`--start ${day} --end ${day}`)).code).toBe(0);
      expect(work.series('MSFT')).toBe(SERIES_HEADER + seriesLine(day, 20));
    }
  });
});
