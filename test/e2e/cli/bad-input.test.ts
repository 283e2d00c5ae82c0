/** Each kind of bad input: its exit code, one sentence that says what to do, and nothing written. */
import { readdirSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addsUp, barLine, dayObjects, HEADER, keyOf, market, Workdir } from '../../support/workdir.js';

const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
const DAY = '--start 2024-05-01 --end 2024-05-01';

function sentences(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line.startsWith('barloom: ') || line.startsWith('error: '));
}

describe('a command line that is wrong gets exit 2, one sentence, and not even a folder', () => {
  it.each([
    ['--start 2024-05-31 --end 2024-05-01 --tickers AAPL', /2024-05-31 is after --end 2024-05-01/],
    ['--start 2023-02-29 --end 2023-03-01 --tickers AAPL', /2023-02-29.*not a date/],
    ['--start 2024-13-01 --tickers AAPL', /not a date/],
    ['--start 01.05.2024 --tickers AAPL', /YYYY-MM-DD/],
    ['--start 2003-09-09 --end 2004-01-01 --tickers AAPL', /before the dataset's first day; give 2003-09-10/],
    ['--start 2024-06-15 --tickers AAPL', /in the future; give 2024-06-14/],
    ['--months 0 --tickers AAPL', /--months must be a whole number from 1 up, not "0"/],
    ['--months 1.5 --tickers AAPL', /whole number/],
    ['--days x --tickers AAPL', /whole number/],
    ['--months 1 --start 2024-05-01 --tickers AAPL', /only one of --start and --months/],
    ['--tickers AAPL', /--months N/],
    ['--months 1', /--tickers AAPL,MSFT.*--all-tickers.*--archive-only/],
    ['--months 1 --archive-only --all-tickers', /only one of --archive-only and --all-tickers/],
    ['--months 1 --archive-only --no-save-others', /leave nothing to do/],
    ['--months 1 --tickers AAPL --dataset tulips_daily', /tulips_daily is not known: give stocks_daily/],
    ['--months 1 --tickers AAPL --concurrency 0', /from 1 to 256/],
    ['--months 1 --tickers AAPL --concurrency 1.5', /whole number/],
    ['--months 1 --tickers AAPL --rate-limit fast', /number above 0/],
    ['--months 1 --tickers AAPL --log-level loud', /loud is not known: give trace/],
    ['--months 1 --ticker-files nowhere.txt', /no ticker list .*nowhere\.txt/],
    ['--months 1 --tickers A"B', /cannot be tracked/],
    [
      '--months 1 --tickers AAPL --sandbox --endpoint http://127.0.0.1:1',
      /only one of --sandbox and --endpoint/,
    ],
  ])('%s', async (args, sentence) => {
    const work = await Workdir.make();
    const { code, stdout, stderr } = await work.populate(args);
    expect(stderr).toMatch(sentence);
    expect(sentences(stderr).length).toBe(1);
    expect(stderr.trim().split('\n').length).toBe(1);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(work.has()).toBe(false);
  });

  it('an option that there is not, and a command that there is not', async () => {
    const work = await Workdir.make();
    const option = await work.populate('--months 1 --teleport');
    expect(option.stderr).toContain("unknown option '--teleport'");
    expect(option.code).toBe(2);
    expect((await work.run(['populat'])).code).toBe(2);
    expect(work.has()).toBe(false);
  });

  it('an endpoint that is none, or has keys in it, which are not repeated', async () => {
    const work = await Workdir.make();
    for (const endpoint of [
      'ftp://example.org',
      'http://someuser:hunter2@example.org',
      'file:nowhere/at/all',
    ]) {
      work.endpoint = endpoint;
      const { code, stderr, stdout } = await work.populate(`${DAY} --tickers AAPL`);
      expect(code, endpoint).toBe(2);
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });

  it("the vendor's profile and an endpoint of Amazon's", async () => {
    const work = await Workdir.make();
    work.endpoint = 'https://s3.us-east-1.amazonaws.com';
    const credentials = '[massive]\naws_access_key_id = AKIDVENDOR\naws_secret_access_key = vendorsecret\n';
    await mkdir(path.join(work.root, 'home/.aws'));
    await writeFile(path.join(work.root, 'home/.aws/credentials'), credentials);
    const { code, stderr } = await work.populate(`${DAY} --tickers AAPL`, { env: NO_KEYS });
    expect(stderr).toMatch(/not sent to s3\.us-east-1\.amazonaws\.com/);
    expect(code).toBe(2);
  });

  it('a BARLOOM_NOW that is no instant', async () => {
    const work = await Workdir.make();
    work.now = 'yesterday';
    const { code, stderr } = await work.populate('--months 1 --tickers AAPL');
    expect(stderr).toContain('BARLOOM_NOW is not an instant');
    expect(code).toBe(2);
    expect(work.has()).toBe(false);
  });

  it('says the same as JSON', async () => {
    const work = await Workdir.make();
    const { code, stdout } = await work.populate('--months 0 --tickers AAPL --json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      command: 'populate',
      exit_code: 2,
      error: { message: expect.stringContaining('--months') },
      datasets: [],
    });
    expect(work.has()).toBe(false);
  });
});

describe('keys', () => {
  it('none: 4 at once, with how to set them and that the sandbox needs none', async () => {
    const work = await Workdir.make();
    const { code, stderr, ms } = await work.populate('--months 1 --tickers AAPL', { env: NO_KEYS });
    expect(stderr).toMatch(/~\/\.aws\/credentials.*AWS_ACCESS_KEY_ID.*--sandbox needs none/);
    expect(code).toBe(4);
    expect(ms).toBeLessThan(60_000);
    expect(work.has()).toBe(false);
  });

  it('half of a pair, and a profile that is not there: 4', async () => {
    const work = await Workdir.make();
    const half = await work.populate('--months 1 --tickers AAPL', { env: { AWS_SECRET_ACCESS_KEY: '' } });
    expect(half.stderr).toContain('Half a key pair');
    expect(half.code).toBe(4);
    const profile = await work.populate('--months 1 --tickers AAPL --profile nobody');
    expect(profile.stderr).toContain('The profile "nobody" has no keys');
    expect(profile.code).toBe(4);
    expect(work.has()).toBe(false);
  });

  it('wrong ones: 4 after one answer, and no day is written', async () => {
    const sandbox = await market();
    const work = await Workdir.make(sandbox);
    for (const env of [{ AWS_ACCESS_KEY_ID: 'NOBODY' }, { AWS_SECRET_ACCESS_KEY: 'wrong' }]) {
      const { code, stderr } = await work.populate('--months 1 --tickers AAPL', { env });
      expect(stderr).toContain('not authenticated');
      expect(code).toBe(4);
    }
    expect((await sandbox.requests()).gets).toBe(0);
    expect(work.tiers()).toEqual({});
  });
});

describe('the network', () => {
  it('an endpoint that nobody listens at: 5 after bounded retries', async () => {
    const work = await Workdir.make({ endpoint: 'http://127.0.0.1:9' });
    const { code, stderr, ms } = await work.populate(`${DAY} --tickers AAPL`);
    expect(stderr).toMatch(/the network gave out.*run the same command again/);
    expect(code).toBe(5);
    expect(ms).toBeLessThan(100_000);
    expect(work.tiers()).toEqual({});
  });

  it('a server that is no S3 at all: not 0 and not 1', async () => {
    const server = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const work = await Workdir.make({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    const { code } = await work.populate(`${DAY} --tickers AAPL`);
    expect(code).toBe(5);
    expect(work.tiers()).toEqual({});
  });
});

describe('days that are no days', () => {
  const BAD: Readonly<Record<string, readonly [bytes: Uint8Array, reason: RegExp]>> = {
    '2024-05-01': [Buffer.from('<html>sign in</html>'), /not gzip/],
    '2024-05-02': [gzipSync(HEADER + barLine('AAPL')).subarray(0, 60), /gunzip/],
    '2024-05-03': [gzipSync('ticker,volume,open,close,window_start\n'), /lacks high, low/],
    '2024-05-06': [gzipSync(HEADER), /no rows/],
    '2024-05-07': [gzipSync(''), /lacks|empty|header/],
    '2024-05-08': [new Uint8Array(0), /not gzip/],
    '2024-05-09': [gzipSync(Buffer.alloc(80 << 20, 'bomb\n')), /limit/],
    '2024-05-10': [gzipSync('<html><body>sign in</body></html>\n'), /lacks/],
    '2024-05-13': [gzipSync('"ticker,volume\n'), /./],
  };

  it('each is tried again, then failed, and nothing of it is stored; the others are done; exit 3', async () => {
    const objects = new Map(Object.entries(BAD).map(([day, [bytes]]) => [keyOf(day), bytes]));
    const sandbox = await market({ objects });
    const work = await Workdir.make(sandbox);
    const { code, summary, stderr } = await work.populateJson(
      '--start 2024-05-01 --end 2024-05-15 --tickers AAPL',
    );
    expect(code, stderr).toBe(3);
    expect(addsUp(summary)).toBe(true);
    expect(summary.days).toMatchObject({ sessions: 11, fetched: 2, failed: 9 });
    for (const { day, state, reason } of summary.problems) {
      expect(state).toBe('failed');
      expect(reason, day).toMatch(BAD[day]?.[1] ?? /never/);
    }
    expect(Object.keys(work.tiers())).toEqual([
      'data_cache/AAPL_1d_data.csv',
      'massive_cache/2024-05-14.csv.gz',
      'massive_cache/2024-05-15.csv.gz',
    ]);
    expect(work.series('AAPL').trim().split('\n').length).toBe(3);
    expect(
      JSON.parse(work.read('progress.json')).datasets.stocks_daily.days['2024-05-01'].problem.state,
    ).toBe('failed');
  }, 60_000);
});

describe('the local storage', () => {
  const objects = dayObjects({ '2024-05-01': HEADER + barLine('AAPL') });

  it('a data folder that is a file, or lies below one: 6', async () => {
    const work = await Workdir.make(await market({ objects }));
    await writeFile(work.data, 'mine');
    const { code, stderr } = await work.populate(`${DAY} --tickers AAPL`);
    expect(stderr).toMatch(/^barloom: .*data/m);
    expect(code).toBe(6);
  });

  it.skipIf(process.platform !== 'linux')(
    'an output that cannot be written: 6, and the work is done',
    async () => {
      const work = await Workdir.make(await market({ objects }));
      for (const redirected of ['> /dev/full', '2> /dev/full']) {
        const within = ['sh', '-c', `"$@" ${redirected}`, 'sh'];
        const { code, stderr } = await work.populate(`${DAY} --tickers AAPL`, { within });
        expect(stderr).not.toContain('Error');
        expect(code).toBe(6);
        expect(work.series('AAPL').split('\n').length).toBe(3);
        await work.remove();
      }
      const reader = await work.populate(`${DAY} --tickers AAPL`, {
        within: ['sh', '-c', '"$@" 2>&1 | head -1', 'sh'],
      });
      expect(reader.stdout).toContain('stocks_daily');
      expect(work.series('AAPL').split('\n').length).toBe(3);
    },
  );

  it('an archive folder that cannot be made: 6, and no temporary is left', async () => {
    const work = await Workdir.make(await market({ objects }));
    await work.write('taken', 'a file');
    const { code, stderr } = await work.populate(
      `${DAY} --tickers AAPL --archive-dir ${work.at('taken', 'archive')}`,
    );
    expect(stderr).toMatch(/^barloom: .*taken/m);
    expect(code).toBe(6);
    expect(work.tiers()).toEqual({});
    expect(Object.keys(work.everything()).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('a folder that may not be written: 6', async () => {
    const work = await Workdir.make(await market({ objects }));
    await mkdir(work.data);
    await chmod(work.data, 0o555);
    const { code, stderr } = await work.populate(`${DAY} --tickers AAPL`);
    expect(stderr).toMatch(/no permission|read-only/);
    expect(code).toBe(6);
  });

  it('progress.json of a newer barloom: 2, and it stays as it is', async () => {
    const work = await Workdir.make(await market({ objects }));
    await work.write('progress.json', '{"schema_version":99}');
    const { code, stderr } = await work.populate(`${DAY} --tickers AAPL`);
    expect(stderr).toContain('schema_version is 99');
    expect(code).toBe(2);
    expect(work.everything()).toEqual({ 'progress.json': expect.any(String) });
  });

  it('progress.json that cannot be read: moved aside, learnt again, said; 0', async () => {
    const sandbox = await market({ objects });
    const work = await Workdir.make(sandbox);
    await work.populate(`${DAY} --tickers AAPL`);
    const tiers = work.tiers();
    const good = JSON.parse(work.read('progress.json')) as unknown;
    for (const [n, damage] of [
      '',
      '{"schema_version":1',
      'null',
      '{"schema_version":1,"datasets":{"stocks_daily":{}}}',
    ].entries()) {
      work.now = `2024-06-14T17:00:0${n + 1}Z`;
      await work.write('progress.json', damage);
      const { code, stderr } = await work.populate(`${DAY} --tickers AAPL`);
      expect(stderr, damage).toMatch(/warning: progress\.json: .*moved to progress\.json\.unreadable-/);
      expect(code, damage).toBe(0);
      expect(work.read(`progress.json.unreadable-20240614T17000${n + 1}Z`)).toBe(damage);
      expect(work.tiers()).toEqual(tiers);
      expect((JSON.parse(work.read('progress.json')) as { source: unknown }).source).toEqual(
        (good as { source: unknown }).source,
      );
    }
    expect((await sandbox.requests()).gets).toBe(1);
  });
});

it('text of the vendor’s and of a list stays in the folder and off the terminal', async () => {
  const evil = [
    '../../x',
    'a/b\\c:\u0000',
    '/etc/passwd',
    '..',
    '\u001b[31mRED',
    '.hidden',
    'A\u202eB',
    'x'.repeat(300),
  ];
  const text = HEADER + [...evil, 'AAPL'].map((ticker) => barLine(ticker)).join('');
  const sandbox = await market({ objects: dayObjects({ '2024-05-01': text }) });
  const work = await Workdir.make(sandbox);
  await work.write('stocks.txt', `${evil.join('\n')}\nAAPL\n../never\nnever\u001b[2J\n`);
  for (const args of [DAY, `${DAY} --all-tickers --force`]) {
    const { code, stdout, stderr } = await work.populate(args);
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  }
  const files = Object.keys(work.tiers());
  // A record whose ticker holds a control character is none.
  const kept = [...evil.filter((ticker) => !/\p{Cc}/u.test(ticker)), 'AAPL'];
  expect(files.filter((name) => name.startsWith('data_cache/')).length).toBe(kept.length);
  expect(
    files.every((name) =>
      /^(data_cache\/[A-Z0-9%_a-z.~-]+_1d_data\.csv|massive_cache\/2024-05-01\.csv\.gz)$/.test(name),
    ),
  ).toBe(true);
  expect(work.archiveText('2024-05-01')).toHaveLength(text.length);
  expect(readdirSync(work.root).sort()).toEqual(['data', 'home']);
  expect(readdirSync(path.join(work.root, 'home'))).toEqual([]);
});
