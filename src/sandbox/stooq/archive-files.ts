/**
 * The files of a synthetic Stooq archive: folders, names and oddities of the real one, in its proportions
 * (70,000 files: 13,000 of them American, 30,000 rates and currencies). Names are invented but for those that
 * break careless programs.
 */

export interface ArchiveFile {
  readonly path: string;
  /** As in its rows: `AAPL.US`. */
  readonly ticker: string;
  /** `us`, `uk`, … */
  readonly region: string;
}

interface Section {
  readonly region: string;
  /** Of 70,000 files. */
  readonly share: number;
  /** Of the file: `.us.txt`. */
  readonly ending: string;
  /** Below `daily/<region>/`; files are dealt to them in turn. */
  readonly folders: readonly string[];
  readonly isNumbered?: boolean;
}

const SECTIONS: readonly Section[] = [
  {
    region: 'us',
    share: 13_000,
    ending: '.us.txt',
    folders: [
      'nasdaq stocks/1',
      'nasdaq stocks/2',
      'nasdaq stocks/3',
      'nyse stocks/1',
      'nyse stocks/2',
      'nysemkt stocks',
      'nasdaq etfs',
      'nyse etfs/1',
    ],
  },
  {
    region: 'uk',
    share: 9000,
    ending: '.uk.txt',
    folders: ['lse stocks', 'lse etfs/1', 'lse etfs/2', 'lse stocks intl/1'],
  },
  {
    region: 'jp',
    share: 5000,
    ending: '.jp.txt',
    folders: ['tse stocks/1', 'tse stocks/2', 'tse etfs'],
    isNumbered: true,
  },
  { region: 'hk', share: 3000, ending: '.hk.txt', folders: ['hkex stocks/1', 'hkex etfs'], isNumbered: true },
  { region: 'pl', share: 2500, ending: '.txt', folders: ['wse stocks', 'nc stocks'] },
  { region: 'hu', share: 100, ending: '.hu.txt', folders: ['bse stocks'] },
  {
    region: 'world',
    share: 30_000,
    ending: '.txt',
    folders: ['money market', 'currencies/major', 'currencies/other', 'indices', 'bonds'],
  },
  { region: 'macro', share: 7400, ending: '.m.txt', folders: ['us', 'eu'] },
];

/** Of the world. */
const ALL = SECTIONS.reduce((sum, { share }) => sum + share, 0);

const ODD: readonly (readonly [region: string, folder: string, name: string])[] = [
  ['us', 'nasdaq stocks/1', 'aapl.us.txt'],
  ['us', 'nasdaq stocks/1', 'meta.us.txt'],
  ['us', 'nyse stocks/1', 'brk-b.us.txt'],
  ['us', 'nyse stocks/1', 'bac_l.us.txt'],
  ['us', 'nyse stocks/1', 'con.us.txt'],
  // One ticker in two folders.
  ['us', 'nasdaq stocks/2', 'aapl.us.txt'],
  ['uk', 'lse stocks', 'bt-a.uk.txt'],
  ['uk', 'lse stocks', 'bp.uk.txt'],
  ['pl', 'wse stocks', 'kgh.txt'],
  ['pl', 'wse stocks', 'exm.txt'],
  ['pl', 'wse etfs', 'etfbtbsp.pl.txt'],
  ['hk', 'hkex stocks/1', '0700.hk.txt'],
  ['jp', 'tse stocks/1', '7203.jp.txt'],
  ['world', 'indices', '^spx.txt'],
  ['world', 'cryptocurrencies', 'btc.v.txt'],
];

/** About `count` files, sorted by path. The same number gives the same ones. */
export function archiveFiles(count: number): readonly ArchiveFile[] {
  const files = new Map<string, ArchiveFile>();
  const add = (region: string, folder: string, name: string): void => {
    const path = `d_${region}_txt/data/daily/${region}/${folder}/${name}`;
    files.set(path, { path, region, ticker: name.slice(0, -'.txt'.length).toUpperCase() });
  };
  for (const [region, folder, name] of ODD) add(region, folder, name);
  for (const [at, { region, share, ending, folders, isNumbered }] of SECTIONS.entries()) {
    const files = Math.round((Math.max(0, count - ODD.length) * share) / ALL);
    for (let i = 0; i < files; i++) {
      const name = isNumbered === true ? String(1000 + i) : inventedName(i + at * 20_000);
      add(region, folders[i % folders.length] ?? '', `${name}${ending}`);
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const LETTERS = 26;
const NAMES = LETTERS ** 4;

/** Four letters, another name for every number below 456,976. */
function inventedName(n: number): string {
  let rest = (n * 7919 + 104_729) % NAMES;
  let name = '';
  for (let i = 0; i < 4; i++) {
    name += String.fromCharCode(97 + (rest % LETTERS));
    rest = Math.floor(rest / LETTERS);
  }
  return name;
}
