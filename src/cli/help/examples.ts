/** Two or three examples of each command, and the exit codes that it can end with beside 0, 1, 2 and 6. */
import { EXIT } from '#tasks/exit-code.js';

const { incomplete, notEntitled, network, damage, locked } = EXIT;

export interface CommandExamples {
  /** Without the program's name. */
  readonly lines: readonly string[];
  readonly codes: readonly number[];
}

const READS: readonly number[] = [];
const WRITES = [locked];
const DOWNLOADS = [incomplete, notEntitled, network, locked];

export const EXAMPLES: Readonly<Record<string, CommandExamples>> = {
  populate: {
    lines: ['populate --months 24 --dry-run', 'populate --start 2025-01', 'populate --sandbox --months 3'],
    codes: DOWNLOADS,
  },
  add: { lines: ['add NVDA BRK.B', "add 'BRK*'", 'add --file list.csv --fetch'], codes: DOWNLOADS },
  remove: { lines: ['remove NVDA', 'remove NVDA --delete --yes'], codes: WRITES },
  tickers: {
    lines: ['tickers --tracked', "tickers -l --like 'BRK*'", 'tickers --on 2025-01-02'],
    codes: READS,
  },
  rebuild: { lines: ['rebuild AAPL', 'rebuild --all-tickers'], codes: [incomplete, damage, locked] },
  status: { lines: ['status', 'status --watch', "status -t 'options_*'"], codes: READS },
  gaps: {
    lines: [
      'gaps --start 2025-01',
      "gaps --accept 2025-08-07 --reason 'the vendor has none'",
      'gaps --json | barloom backfill --gaps-file -',
    ],
    codes: [incomplete, locked],
  },
  backfill: { lines: ['backfill --dry-run', 'backfill --only missing,failed'], codes: DOWNLOADS },
  verify: {
    lines: ['verify', 'verify --deep', 'verify --deep --repair'],
    codes: [incomplete, notEntitled, network, damage, locked],
  },
  show: {
    lines: ['show AAPL MSFT', 'show AAPL --months 24 --weekly', 'show AAPL -t stocks_minute --bar 5m'],
    codes: READS,
  },
  export: {
    lines: [
      'export AAPL MSFT -o closes.csv --columns close',
      'export AAPL --bar 1w',
      'export --tracked --wide -o closes.csv',
      'export AAPL -t stocks_minute --tz UTC',
      'export --tracked --adjust all',
    ],
    codes: [incomplete, damage],
  },
  sync: { lines: ['sync --dry-run', 'sync -t stocks_daily --steps populate,lake'], codes: DOWNLOADS },
  ingest: {
    lines: ['ingest --months 3', 'ingest --start 2025 -t stocks_minute --dry-run'],
    codes: DOWNLOADS,
  },
  lake: {
    lines: ['lake build', 'lake status', 'lake duckdb market.duckdb'],
    codes: [incomplete, damage, locked],
  },
  cluster: {
    lines: [
      'cluster init s3://my-bucket/market',
      'cluster plan s3://my-bucket/market -t options_quotes --start 2025-06',
      'cluster work s3://my-bucket/market --queue redis://queue.example.org:6379',
      'cluster status s3://my-bucket/market',
    ],
    codes: [incomplete, notEntitled, network],
  },
  fetch: { lines: ['fetch actions', 'fetch all --dry-run', 'fetch status'], codes: DOWNLOADS },
  ratios: { lines: ['ratios', 'ratios AAPL --basis ttm --as-of 2025-06-30'], codes: [incomplete, locked] },
  features: { lines: ['features build', 'features build --start 2025'], codes: [incomplete, locked] },
  qlib: {
    lines: [
      'qlib export',
      'qlib export ~/qlib --adjust all',
      'qlib export --ratios return_on_equity,price_to_book',
    ],
    codes: [incomplete, locked],
  },
  quotes: {
    lines: [
      'quotes import AAPL 2025-06-02 2025-06-06',
      'quotes load AAPL --to sqlite:quotes.db',
      'quotes status',
    ],
    codes: DOWNLOADS,
  },
  sql: {
    lines: [
      'sql "select * from stocks_daily where ticker = \'AAPL\' limit 5"',
      'sql -f query.sql -o result.parquet',
    ],
    codes: [damage],
  },
  report: { lines: ['report --open', 'report AAPL --months 24 -o aapl.html'], codes: READS },
  mcp: { lines: ['mcp', 'mcp --data-dir ~/market'], codes: READS },
  version: { lines: ['version'], codes: READS },
  load: {
    lines: [
      'load --to sqlite:market.db',
      'load --to postgres://localhost/market -t stocks_daily --tickers AAPL',
    ],
    codes: [incomplete, notEntitled, network, damage, locked],
  },
  nightly: {
    lines: ['nightly', 'nightly --max-lag 2', "nightly --on-finish 'jq .exit_code'"],
    codes: [...DOWNLOADS, damage],
  },
  weekly: { lines: ['weekly', 'weekly --max-lag 2'], codes: [...DOWNLOADS, damage] },
  schedule: {
    lines: ['schedule', 'schedule --install', "schedule --install --on-finish '/home/me/tell.sh'"],
    codes: READS,
  },
  datasets: { lines: ['datasets', "datasets --offline -t 'options_*'"], codes: [notEntitled, network] },
  doctor: { lines: ['doctor', 'doctor --months 72'], codes: [notEntitled, network] },
  match: {
    lines: ['match --dry-run', 'match --explain AAPL:US', 'match status'],
    codes: [incomplete, locked],
  },
  prune: { lines: ['prune --keep-days 730 --dry-run', 'prune --keep-days 730 --yes'], codes: WRITES },
  restore: {
    lines: ['restore market.tar --data-dir market --dry-run', 'restore market.tar --force'],
    codes: [incomplete, damage, locked],
  },
  backup: { lines: ['backup market.tar', 'backup - | ssh host "cat > market.tar"'], codes: [damage, locked] },
  'move-archive': { lines: ['move-archive /mnt/big/massive_cache'], codes: WRITES },
  completion: {
    lines: ['completion bash', 'completion fish > ~/.config/fish/completions/barloom.fish'],
    codes: READS,
  },
  sandbox: { lines: ['sandbox', 'sandbox --port 9911 --tickers 500', 'sandbox stooq DIR'], codes: READS },
};

/** What the codes mean, in a few words. */
export const CODE_WORDS: Readonly<Record<number, string>> = {
  [EXIT.ok]: 'all there',
  [EXIT.bug]: 'a bug of barloom',
  [EXIT.usage]: 'usage or configuration',
  [incomplete]: 'something failed, is missing or denied',
  [notEntitled]: 'keys refused, or not entitled',
  [network]: 'the network or a database failed',
  [EXIT.disk]: 'storage full, read-only or not permitted',
  [damage]: 'damage found',
  [locked]: 'another run holds the lock',
};
