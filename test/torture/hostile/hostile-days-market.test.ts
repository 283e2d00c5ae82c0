/**
 * Markets that no vendor should send, through the real command: what the series hold, what is refused, what
 * is said, and how much memory it takes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { seriesFileName } from '#store/series/file-name.js';
import {
  dayObjects,
  HEADER,
  keyOf,
  market,
  SERIES_HEADER,
  seriesLine,
  Workdir,
} from '../../support/workdir.js';
import { sampled, scaled, technique } from '../technique.js';

const t = technique('hostile day files: whole runs');
const TIMEOUT = 300_000;
const DAYS = ['2024-06-12', '2024-06-13'] as const;
const ONE = `--start ${DAYS[1]} --end ${DAYS[1]}`;
const BOTH = `--start ${DAYS[0]} --end ${DAYS[1]}`;

const NAMES = [
  'constructor', '__proto__', 'toString', 'hasOwnProperty', 'A/B', '..', '.', '../../x', '.hidden', 'A\\B', 'A\0B', 'A\nB', 'A\r\nB', 'A\rB', 'B,C', 'A,100',
  '"Q"', '#H', ' lead', 'trail ', 'X'.repeat(4096), 'x'.repeat(4096), `${'X'.repeat(4095)}Y`, '\u202eRTL', '\u200f', 'É', 'É'.normalize('NFD'), 'CON', 'con', 'NUL.TXT', 'COM1',
  'a', 'A', '*', '?', '-flag', '--data-dir', '%41', '_a', '~', 'SYMBOL', 'ticker', '\x1b[31mRED', '\u009b31m', '日本', '1e5', 'NaN', '\ufeffBOM', 'AAP', 'AAp',
]; // biome-ignore format: a list

/** As csv-stringify writes it; in ticker order or against it. */
function dayOf(open: number, backwards: boolean): string {
  const sorted = [...NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const rows = (backwards ? sorted.reverse() : sorted).map((name) => {
    const price = open + NAMES.indexOf(name);
    return [name, 100, price, price + 0.5, price + 1, price - 1, '1718251200000000000', 7];
  });
  return HEADER + stringify(rows, { quoted_match: /[\r\n]/ });
}

function seriesHere(work: Workdir): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(work.at('data_cache')).map((name) => [
      name,
      readFileSync(work.at('data_cache', name), 'utf8'),
    ]),
  );
}

/** What steers a terminal, line ends left out. */
const RAW = /(?!\n)[\p{Cc}\p{Cf}]/u;

test('tickers of every kind: each its own file, its own rows, in the folder', { timeout: TIMEOUT }, () =>
  t.attempt('tickers', async () => {
    const objects = dayObjects({ [DAYS[0]]: dayOf(10, false), [DAYS[1]]: dayOf(20, true) });
    const work = await Workdir.make(await market({ objects }));
    // A ticker with a control character makes a record none.
    const kept = NAMES.filter((name) => !/\p{Cc}/u.test(name));
    const expected = Object.fromEntries(
      kept
        .map((name) => [name, NAMES.indexOf(name)] as const)
        .map(([name, i]) => [
          seriesFileName(name, stocksDaily.series),
          SERIES_HEADER + seriesLine(DAYS[0], 10 + i) + seriesLine(DAYS[1], 20 + i),
        ]),
    );
    expect(new Set(Object.keys(expected).map((name) => name.toLowerCase())).size).toBe(kept.length);
    const said: string[] = [];
    const run = async (args: string): Promise<number | null> => {
      t.tried(1);
      const { code, stdout, stderr } = args.startsWith('populate')
        ? await work.populate(args.slice(9))
        : await work.verb(args);
      said.push(stdout, stderr);
      expect(code, `${args}: ${stdout.slice(0, 500)} ${stderr.slice(0, 500)}`).toBe(0);
      return code;
    };
    await run(`populate ${BOTH} --all-tickers`);
    expect(seriesHere(work)).toEqual(expected);
    for (const verb of ['status', 'tickers', 'gaps', 'verify --deep']) await run(verb);
    await work.remove('data_cache');
    await run('rebuild --all-tickers');
    expect(seriesHere(work)).toEqual(expected);
    await work.remove('progress.json');
    await run(`populate ${BOTH} --all-tickers`);
    expect(seriesHere(work)).toEqual(expected);
    for (const name of readdirSync(work.root)) expect(['data', 'home']).toContain(name);
    expect(said.filter((text) => RAW.test(text)).length).toBe(0);

    // Those that a list can hold, from the archive, one beside the other.
    await work.remove('data_cache');
    const listed = kept.filter((name) => name.trim() === name && !/[\r\n]|^#/.test(name));
    const file = await work.write(
      '../list.txt',
      stringify([['ticker'], ...listed.map((one) => [one])], { quoted: true }),
    );
    const { code, stdout, stderr } = await work.run([
      'export',
      '--file',
      file,
      '--format',
      'ndjson',
      '--data-dir',
      work.data,
    ]);
    expect(code, stderr).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { ticker: string; open: number });
    for (const name of listed) {
      const opens = rows.filter(({ ticker }) => ticker === name).map(({ open }) => open);
      expect(opens, JSON.stringify(name.slice(0, 20))).toEqual([
        10 + NAMES.indexOf(name),
        20 + NAMES.indexOf(name),
      ]);
    }
  }),
);

test('a ticker of a list that is another one and its volume gets nothing', { timeout: TIMEOUT }, () =>
  t.attempt('comma', async () => {
    const text = `${HEADER}AAPL,100,20,20.5,21,19,1718251200000000000,7\n`;
    const work = await Workdir.make(await market({ objects: dayObjects({ [DAYS[1]]: text }) }));
    expect((await work.populate(`${ONE} --archive-only`)).code).toBe(0);
    await work.write('stocks.txt', '"AAPL,100"\nAAPL\n');
    expect((await work.populate(ONE)).code).toBe(0);
    expect(Object.keys(seriesHere(work))).toEqual(['AAPL_1d_data.csv']);
  }),
);

const BAR = 'A,100,1,2,3,0.5,1718251200000000000,5\n';

/** `why`: the day is refused, with these words. */
interface Odd {
  readonly what: string;
  readonly object: () => Uint8Array;
  readonly why?: RegExp;
}

/** GNU time tells the peak of the memory; where it is lacking, that is not looked at. */
const TIME = '/usr/bin/time';
const MEASURED = existsSync(TIME) ? ['timeout', '-s', 'KILL', '240', TIME, '-f', 'peak %M kB'] : [];
/** A worker holds the largest text that there may be, 64 MB, a few times over. */
const MOST_KB = 700_000;

const gz = (text: string | Uint8Array) => (): Uint8Array => gzipSync(text);
const ODD: readonly Odd[] = [
  { what: 'no bytes', object: () => new Uint8Array(0), why: /not gzip|0 bytes/ },
  { what: 'gzip of nothing', object: gz(''), why: /lacks ticker/ },
  { what: 'a header', object: gz(HEADER), why: /no rows/ },
  { what: 'UTF-16', object: gz(Buffer.from(HEADER + BAR, 'utf16le')), why: /lacks ticker/ },
  { what: 'old line ends', object: gz((HEADER + BAR).replaceAll('\n', '\r')), why: /no rows|lacks/ },
  {
    what: 'a column twice',
    object: gz(`ticker,open,high,low,close,volume,open\nA,1,1,1,1,1,2\n`),
    why: /open more than once/,
  },
  { what: 'a quote that is never closed', object: gz(`${HEADER}"A,1\n${BAR}`), why: /[Qq]uote/ },
  {
    what: 'a gzip bomb',
    object: () => gzipSync(Buffer.alloc(scaled(70, 1500) << 20)),
    why: /more than 67108864 bytes/,
  },
  {
    what: 'a million records of two bytes',
    object: gz(HEADER + 'b\na\n'.repeat(500_000)),
    why: /more than 720000 records/,
  },
  {
    what: 'ten million rows',
    object: () =>
      gzipSync(
        Buffer.concat([Buffer.from(HEADER), Buffer.alloc(scaled(1, 10) * BAR.length * 1_000_000, BAR)]),
      ),
    why: /more than/,
  },
  { what: 'a header in the middle', object: gz(HEADER + BAR + HEADER + BAR.replace('A', 'B')) },
  { what: 'a record of a megabyte', object: gz(`${HEADER}${BAR}${'x'.repeat(1 << 20)}\n`) },
  { what: 'a stamp of a megabyte', object: gz(HEADER + BAR.replace(/17182\d+/, '1'.repeat(1 << 20))) },
  {
    what: 'a number of a megabyte',
    object: gz(HEADER + BAR + BAR.replace('A,100', `B,${'9'.repeat(1 << 20)}`)),
  },
];

describe('odd days', () => {
  // In the quick form a day without rows, a gzip bomb and a long record.
  test.each(sampled(ODD, 3))('$what', { timeout: TIMEOUT }, ({ what, object, why }) =>
    t.attempt(what, async () => {
      t.injected();
      const objects = new Map([[keyOf(DAYS[1]), object()]]);
      const work = await Workdir.make(await market({ objects }));
      const run = await work.populate(`${ONE} --all-tickers --workers 1`, {
        within: MEASURED,
        killAfterMs: 250_000,
      });
      const kB = Number(/peak (\d+) kB/.exec(run.stderr)?.[1] ?? 0);
      expect(kB).toBeLessThan(MOST_KB);
      expect(run.stderr.length + run.stdout.length).toBeLessThan(20_000);
      expect(RAW.test(run.stdout + run.stderr)).toBe(false);
      if (why !== undefined) {
        expect(run.code, run.stderr).toBe(3);
        expect(run.stdout.replaceAll(/\s+/g, ' ')).toMatch(why);
        expect(Object.keys(work.tiers())).toEqual([]);
        return;
      }
      expect(run.code, run.stderr).toBe(0);
      expect(run.stderr + run.stdout).toMatch(/no bar|another day|Complete/);
      expect((await work.verb('verify --deep')).code).toBe(0);
      expect(work.series('A')).toBe(`${SERIES_HEADER}${DAYS[1]},1,3,0.5,2,100\n`);
    }),
  );
});
