/** Every command that writes, in a folder where it has something to do, and often something that is amiss. */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { stocksDaily } from '#market/datasets/all.js';
import { stocksQuotes } from '#market/datasets/stocks.js';
import { seriesFileName } from '#store/series/file-name.js';
import type { Workdir } from '../../support/workdir.js';
import { change, FIRST, type Folders, flip, LAST, USERS_ROW } from './kill-vendor.js';

export interface Scene {
  readonly name: string;
  readonly from: keyof Omit<Folders, 'vendor'>;
  /** Besides what the folder holds. */
  readonly prepare?: (work: Workdir) => void | Promise<void>;
  readonly args: (work: Workdir) => readonly string[];
  /** Asks the vendor. */
  readonly wire?: boolean;
  /** What the same command ends with where all is done already; default 0. */
  readonly again?: number;
  /** Series files are told to go. */
  readonly deletes?: boolean;
  /**
   * A command after it, where the same one again finds little to do and leaves the rest to whoever writes
   * next.
   */
  readonly afterwards?: readonly string[];
  /**
   * For which days a series was looked up that a kill left unrecorded, the next populate learns; what is in
   * it is compared all the same.
   */
  readonly learnsLater?: boolean;
  /** A small journal stays for the next run. */
  readonly keepsJournal?: boolean;
}

const SERIES_HEADER = 'Date,Open,High,Low,Close,Volume\n';
const ALL = ['--start', FIRST, '--end', LAST];
const POPULATE = ['populate', ...ALL];

function series(ticker: string): string {
  return `data_cache/${seriesFileName(ticker, stocksDaily.series)}`;
}

/** As yfinance writes it: a column more than barloom's. */
const FOREIGN = `Date,Open,High,Low,Close,Adj Close,Volume\n2023-01-03,1,2,0.5,1.5,1.4,100\n`;

function wrongRows(work: Workdir): void {
  change(work, series('AAPL'), (bytes) =>
    bytes.toString().replace(/^2024-05-29,.*$/m, '2024-05-29,1,1,1,1,1'),
  );
}

function misdated(work: Workdir): void {
  change(work, series('BRK.B'), (bytes) => bytes.toString().replace('2024-05-31,', '2024-06-01,'));
}

/** Some lines of it can still be read, one of them the user's own. */
function unreadable(work: Workdir, name: string): void {
  change(work, series(name), (bytes) =>
    bytes
      .toString()
      .replace(SERIES_HEADER, `${SERIES_HEADER}${USERS_ROW}`)
      .replace(/^2024-05-30,.*$/m, '2024-05-30,\0\0garbage'),
  );
}

/** A day of the archive's quotes: a few of two symbols, two of them in one nanosecond. */
function quotesOf(work: Workdir, day: string): void {
  const noon = BigInt(Date.parse(`${day}T16:00:00Z`)) * 1_000_000n;
  const lines = ['AAPL', 'MSFT'].flatMap((ticker) =>
    Array.from({ length: 40 }, (_, i) => {
      const ns = noon + BigInt((i >> 1) * 7_000_001);
      return `${ticker},12,${190 + i / 100},3,11,${189 + i / 100},5,1,604,${ns},${i},${ns},3,0`;
    }),
  );
  const header = ['ticker', ...(stocksQuotes.series.values as readonly string[])].join(',');
  mkdirSync(work.at('massive_cache/stocks_quotes'), { recursive: true });
  writeFileSync(
    work.at('massive_cache/stocks_quotes', `${day}.csv.gz`),
    gzipSync(`${[header, ...lines].join('\n')}\n`),
  );
}

/** A command that the scene begins behind. */
async function made(work: Workdir, args: string): Promise<void> {
  const { code, stderr } = await work.verb(args);
  if (code !== 0) throw new Error(`${args}: ${code} ${stderr}`);
}

export const scenes: readonly Scene[] = [
  {
    name: 'populate',
    from: 'empty',
    wire: true,
    args: () => ['populate', ...ALL, '--tickers', 'BRK.B,BApA'],
  },
  {
    name: 'populate over what was replaced',
    from: 'filled',
    wire: true,
    prepare: (work) => {
      change(work, series('BApA'), () => 'no series at all\n');
      change(work, 'massive_cache/2024-06-06.csv.gz', flip);
      change(work, series('BRK.B'), () => FOREIGN);
    },
    args: () => ['populate', ...ALL],
  },
  {
    name: 'populate without an archive',
    from: 'bare',
    wire: true,
    args: () => ['populate', ...ALL, '--no-save-others', '--tickers', 'NA,T010'],
  },
  {
    name: 'populate --all-tickers',
    from: 'empty',
    wire: true,
    args: () => ['populate', '--start', '2024-06-05', '--end', LAST, '--all-tickers'],
  },
  {
    name: 'add',
    from: 'filled',
    prepare: async (work) => void (await work.write(series('NA'), FOREIGN)),
    args: () => ['add', 'NA', 'T007', 'T008'],
    keepsJournal: true,
  },
  {
    name: 'add --fetch',
    from: 'filled',
    wire: true,
    args: () => ['add', 'NA', 'T011', '--fetch', '--start', FIRST, '--end', '2024-06-07'],
    keepsJournal: true,
    learnsLater: true,
  },
  {
    name: 'rebuild',
    from: 'filled',
    prepare: async (work) => {
      wrongRows(work);
      unreadable(work, 'BApA');
      change(work, series('BRK.B'), () => FOREIGN);
    },
    args: () => ['rebuild'],
  },
  {
    name: 'rebuild --all-tickers',
    from: 'filled',
    prepare: async (work) => {
      wrongRows(work);
      await work.write(series('NA'), FOREIGN);
      await work.write(series('T005'), 'no series at all\n');
      await work.write(series('GONE'), `${SERIES_HEADER}${USERS_ROW}2024-05-29,1,1,1,1,1\n`);
    },
    args: () => ['rebuild', '--all-tickers'],
  },
  {
    name: 'verify --deep --repair',
    from: 'filled',
    wire: true,
    prepare: async (work) => {
      wrongRows(work);
      misdated(work);
      unreadable(work, 'BApA');
      change(work, 'massive_cache/2024-05-29.csv.gz', flip);
      rmSync(work.at('massive_cache/2024-05-31.csv.gz'));
      change(work, 'massive_cache/.toc/2024-06', flip);
      await work.write(
        'massive_cache/2024-06-03.csv.gz',
        gzipSync(
          'ticker,volume,open,close,high,low,window_start,transactions\nAAPL,1,1,1,1,1,1717387200000000000,1\n',
        ),
      );
    },
    args: () => ['verify', '--deep', '--repair'],
    afterwards: POPULATE,
  },
  {
    name: 'verify --deep --repair, progress.json lost',
    from: 'filled',
    wire: true,
    prepare: (work) => {
      wrongRows(work);
      change(work, 'progress.json', flip);
      change(work, 'massive_cache/2024-05-29.csv.gz', flip);
    },
    args: () => ['verify', '--deep', '--repair'],
    afterwards: POPULATE,
  },
  {
    name: 'nightly',
    from: 'filled',
    wire: true,
    prepare: async (work) => void (await work.write(series('NA'), FOREIGN)),
    args: (work) => ['nightly', '--on-finish', `cat > ${path.join(work.root, 'out', 'hook.json')}`],
  },
  {
    name: 'weekly',
    from: 'filled',
    wire: true,
    prepare: (work) => rmSync(work.at('massive_cache/2024-05-30.csv.gz')),
    args: () => ['weekly'],
    afterwards: POPULATE,
  },
  {
    name: 'backfill',
    from: 'filled',
    wire: true,
    prepare: (work) => {
      for (const day of ['2024-05-29', '2024-06-03']) rmSync(work.at(`massive_cache/${day}.csv.gz`));
    },
    args: () => ['backfill', ...ALL],
    afterwards: POPULATE,
  },
  {
    name: 'prune',
    from: 'filled',
    args: () => ['prune', '--keep-days', '4', '--yes'],
    afterwards: ['rebuild'],
  },
  {
    name: 'remove --delete',
    from: 'filled',
    deletes: true,
    again: 2,
    args: () => ['remove', 'BRK.B', 'BApA', '--delete', '--yes'],
  },
  {
    name: 'backup',
    from: 'filled',
    prepare: (work) => writeFileSync(path.join(work.root, 'out', 'b.tar'), 'an older one'),
    args: (work) => ['backup', path.join(work.root, 'out', 'b.tar'), '--yes'],
  },
  {
    name: 'move-archive',
    from: 'filled',
    again: 2,
    args: (work) => ['move-archive', path.join(work.root, 'out', 'archive')],
  },
  {
    name: 'gaps --accept',
    from: 'filled',
    args: () => [
      'gaps',
      '--accept',
      '2024-05-21,2024-05-22',
      '--reason',
      'not wanted',
      '--start',
      '2024-05-28',
      '--end',
      '2024-06-07',
    ],
  },
  {
    name: 'export',
    from: 'filled',
    prepare: (work) => writeFileSync(path.join(work.root, 'out', 'a.csv'), 'an older one'),
    args: (work) => ['export', 'AAPL', 'BRK.B', '-o', path.join(work.root, 'out', 'a.csv')],
  },
  { name: 'lake build', from: 'filled', args: () => ['lake', 'build'], afterwards: ['lake', 'verify'] },
  {
    name: 'lake build over what was replaced',
    from: 'filled',
    prepare: async (work) => {
      await made(work, 'lake build --end 2024-06-05');
      rmSync(work.at('massive_cache/2024-05-29.csv.gz'));
      await made(work, `populate --start 2024-05-28 --end 2024-06-06 --recheck --endpoint ${work.endpoint}`);
      // The lake's files say from what they were made, times included: the same ones in every try.
      for (const day of ['2024-05-29', '2024-06-04', '2024-06-06'])
        utimesSync(work.at(`massive_cache/${day}.csv.gz`), 1718000000, 1718000000);
    },
    args: () => ['lake', 'build'],
    afterwards: ['lake', 'verify'],
  },
  {
    name: 'features build',
    from: 'filled',
    prepare: (work) => made(work, 'lake build'),
    args: () => ['features', 'build'],
  },
  {
    name: 'qlib export',
    from: 'filled',
    prepare: (work) => made(work, 'lake build'),
    args: () => ['qlib', 'export'],
  },
  {
    name: 'qlib export of more days',
    from: 'filled',
    prepare: async (work) => {
      await made(work, 'lake build --end 2024-06-05');
      await made(work, 'qlib export');
      await made(work, 'lake build');
    },
    args: () => ['qlib', 'export'],
  },
  {
    name: 'quotes import',
    from: 'filled',
    prepare: (work) => {
      for (const day of ['2024-06-05', '2024-06-06', '2024-06-07']) quotesOf(work, day);
    },
    args: () => ['quotes', 'import', 'AAPL,MSFT', '2024-06-05', '2024-06-07', '--from', 'massive'],
    afterwards: ['verify', '--deep'],
  },
  { name: 'doctor', from: 'filled', wire: true, args: () => ['doctor'] },
  {
    name: "populate in a dead run's folder",
    from: 'filled',
    wire: true,
    prepare: async (work) => {
      const dead = { host: '', pid: 1, started: '1', boot: 'another', command: 'nightly', since: work.now };
      const { hostname } = await import('node:os');
      await work.write('.barloom.lock', `${JSON.stringify({ ...dead, host: hostname() })}\n`);
      await work.write('massive_cache/2024-06-10.csv.gz.77.barloom-tmp', 'half');
      await work.write(`${series('AAPL')}.77.barloom-tmp`, 'half');
      mkdirSync(work.at('massive_cache/.toc'), { recursive: true });
      await work.write('massive_cache/.toc/2024-06.77.barloom-tmp', 'half');
    },
    args: () => ['populate', ...ALL],
  },
];
