/**
 * What Python's pandas makes of the series and of the archive: that nobody has to be told how to read them.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { command, DAYS, filledFolder, SPRING, smallMarket, textsOf } from './folder.js';
import { ALL, type Described } from './small-market.js';

const PYTHON = process.env['BARLOOM_PYTHON'] ?? 'python3';

function pandasVersion(): string | undefined {
  try {
    return execFileSync(PYTHON, ['-c', 'import pandas; print(pandas.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

const lacking = pandasVersion() === undefined;
const reason = lacking
  ? ` (skipped: ${PYTHON} with pandas is not installed; BARLOOM_PYTHON names another)`
  : '';

/** Of each file of `series` and `archive` what pandas found in it. */
const SCRIPT = `
import json, sys
import pandas as pd
facts = {}
asked = json.load(open(sys.argv[1]))
for name, file in asked['series'].items():
    column = 'Datetime' if asked['moment'][name] else 'Date'
    frame = pd.read_csv(file, keep_default_na=False, na_values={})
    # As one who works with New York's days would: offsets differ over a change of the clocks.
    stamps = pd.to_datetime(frame[column], utc=True) if column == 'Datetime' else pd.to_datetime(frame[column])
    local = stamps.dt.tz_convert('America/New_York') if column == 'Datetime' else stamps
    again = pd.read_csv(file, index_col=column, parse_dates=[column] if column == 'Date' else None)
    facts[name] = {
        'rows': len(frame),
        'columns': list(frame.columns),
        'dtypes': {c: str(t) for c, t in frame.dtypes.items()},
        'zone': str(local.dt.tz),
        'first': str(local.iloc[0]),
        'last': str(local.iloc[-1]),
        'ascending': bool(stamps.is_monotonic_increasing),
        'index': again.index.name,
        'days': sorted({str(day) for day in local.dt.date}),
    }
for name, file in asked['archive'].items():
    frame = pd.read_csv(file, keep_default_na=False, na_values={'volume': ['']}, dtype={'ticker': str})
    facts['archive ' + name] = {
        'rows': len(frame),
        'columns': list(frame.columns),
        'tickers': sorted(set(frame['ticker'])),
    }
print(json.dumps(facts))
`;

const stemOf: Readonly<Record<Described['mark'], string>> = {
  '': 'BRK.B',
  'O:': 'SPY',
  'I:': 'COMP',
  'C:': 'EUR-USD',
  'X:': 'BTC-USD',
};
const LETTERS = { daily: '1d', minute: '1m', trades: 'trades', quotes: 'quotes' } as const;

it.skipIf(lacking)(`pandas reads every series and the archive${reason}`, async () => {
  const sandbox = await smallMarket();
  onTestFinished(() => sandbox.close());
  const work = await filledFolder(sandbox, onTestFinished);
  // Both changes of the clocks in one file.
  const spring = [
    'populate',
    '-t',
    'stocks_minute,stocks_trades',
    '--start',
    SPRING[0] ?? '',
    '--end',
    SPRING[3] ?? '',
  ];
  expect((await command(work, spring, sandbox)).code).toBe(0);
  const file = (dataset: Described) =>
    work.at('data_cache', `${dataset.series}${stemOf[dataset.mark]}_${LETTERS[dataset.kind]}_data.csv`);
  const asked = {
    moment: Object.fromEntries(ALL.map(({ name, kind }) => [name, kind !== 'daily'])),
    series: Object.fromEntries(ALL.map((dataset) => [dataset.name, file(dataset)])),
    archive: Object.fromEntries(
      ALL.map(({ name, archive }) => [name, work.at('massive_cache', archive, '2026-10-30.csv.gz')]),
    ),
  };
  const question = path.join(work.root, 'asked.json');
  writeFileSync(question, JSON.stringify(asked));
  const facts = JSON.parse(
    execFileSync(PYTHON, ['-c', SCRIPT, question], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: work.root },
    }),
  );
  for (const dataset of ALL) {
    const { name, kind, mark, zone } = dataset;
    const found = facts[name];
    expect(found.ascending, name).toBe(true);
    const isBar = kind === 'daily' || kind === 'minute';
    const prices = isBar ? ['Open', 'High', 'Low', 'Close'] : kind === 'trades' ? ['price'] : ['ask_price'];
    for (const column of prices) expect(found.dtypes[column], `${name} ${column}`).toBe('float64');
    if (isBar) expect(['int64', 'float64'], name).toContain(found.dtypes['Volume']);
    else expect(found.dtypes['sip_timestamp'], name).toBe('int64');
    if (mark === 'O:') expect(['int64', 'float64']).toContain(found.dtypes['Strike']);
    expect(found.index).toBe(kind === 'daily' ? 'Date' : 'Datetime');
    const days =
      kind === 'daily' || zone === 'America/New_York' ? Object.keys(textsOf(dataset, DAYS)) : undefined;
    const spring = name === 'stocks_minute' || name === 'stocks_trades' ? ['2026-03-06', '2026-03-09'] : [];
    if (days !== undefined) expect(found.days, name).toEqual([...spring, ...days]);
    if (kind !== 'daily') expect(found.zone).toBe('America/New_York');
    expect(facts[`archive ${name}`].columns.join(','), name).toBe(dataset.header);
  }
  expect(facts['stocks_minute'].first).toBe('2026-03-06 04:00:00-05:00');
  expect(facts['stocks_minute'].last).toBe('2026-11-02 19:59:00-05:00');
  expect(facts['stocks_trades'].last).toBe('2026-11-02 19:59:59.999999999-05:00');
  expect(facts['archive stocks_daily'].tickers).toContain('NA');
});
