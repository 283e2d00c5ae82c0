/** The folder's report as a page. Pure. */
import { bytes, counted } from '#cli/output/quantities.js';
import { EXTRA, LETTERS } from '#tasks/report/day-letters.js';
import type { DatasetReport, FolderReport } from '#tasks/report/folder-report.js';
import { type Html, html, htmlTable, type Page } from './html.js';

/** Rows of a list that can be long. */
const SHOWN = 100;

export function folderPage(report: FolderReport, version: string): Page {
  const { datasets, runs } = report;
  const open = datasets.reduce((n, { gaps }) => n + (gaps?.open ?? 0), 0);
  const damaged = datasets.reduce((n, { verified }) => n + (verified?.damaged ?? 0), 0);
  const body = html`<header><h1>barloom: ${report.data_dir}</h1>
<p>Made ${instant(report.made)}. ${verdict(open, damaged, datasets)}</p></header>
<main>
${htmlTable(
  'Datasets',
  [
    'Dataset',
    'First',
    'Last',
    'Days',
    'Sessions',
    'Open holes',
    'Accepted',
    'Archive',
    'Of its text',
    'Last verify',
  ],
  datasets.map((one) => overview(one)),
  [3, 4, 5, 6, 7, 8],
)}
${datasets.map((one, i) => section(one, i))}
<section><h2>Last runs</h2>${lastRuns(report)}</section>
</main>
${footer(version)}`;
  return {
    title: `barloom: ${report.data_dir}`,
    body,
    data: {
      kind: 'folder',
      letters: {
        ...Object.fromEntries(Object.entries(LETTERS).map(([state, letter]) => [letter, state])),
        [EXTRA]: 'extra',
      },
      datasets: datasets.map(({ status, months, rows }) => ({ name: status.dataset, months, rows })),
      runs: runs.length,
    },
  };
}

export function footer(version: string): Html {
  return html`<footer><p>barloom ${version}. Charts: TradingView Lightweight Charts™, Copyright (c) 2025 TradingView, Inc., https://www.tradingview.com/ (Apache License 2.0).</p></footer>`;
}

function verdict(open: number, damaged: number, datasets: readonly DatasetReport[]): Html {
  const unverified = datasets.filter(({ verified }) => verified === undefined).length;
  const parts = [
    damaged > 0 ? html`<strong class="bad">Damage: ${counted(damaged, 'finding')}.</strong>` : html``,
    open > 0
      ? html` <strong class="bad">${counted(open, 'open hole')}.</strong>`
      : html` <strong class="good">No open holes.</strong>`,
    unverified > 0 ? html` ${counted(unverified, 'dataset')} never verified: run barloom verify.` : html``,
  ];
  return html`${parts}`;
}

function overview({ status, gaps, verified }: DatasetReport): readonly (string | Html)[] {
  const { archive, days } = status;
  return [
    html`<a href="#${status.dataset}">${status.dataset}</a>`,
    status.first ?? '',
    status.last ?? '',
    number(days.done),
    number(days.sessions),
    number(gaps?.open ?? 0),
    number(status.accepted),
    bytes(archive.bytes),
    archive.text_bytes === null || archive.text_bytes === 0
      ? ''
      : `${((100 * archive.bytes) / archive.text_bytes).toFixed(0)} %`,
    verified === undefined ? 'never' : html`${verifiedText(verified)}`,
  ];
}

function verifiedText({ at, deep, damaged, suspected }: NonNullable<DatasetReport['verified']>): string {
  const found = damaged === 0 ? 'no damage' : counted(damaged, 'damage finding');
  return `${at.slice(0, 10)}${deep ? ' (deep)' : ''}: ${found}${suspected > 0 ? `, ${counted(suspected, 'suspicion')}` : ''}`;
}

function section(report: DatasetReport, i: number): Html {
  const { status, rows, years } = report;
  return html`<section id="${status.dataset}"><h2>${status.dataset}</h2><p>${status.title}</p>
<div class="heat" data-heat="${i}"></div>
${rows.length > 1 ? html`<h3>Records a day</h3><div class="chart small" data-rows="${i}" role="img" aria-label="Records a day of ${status.dataset}, from ${number(Math.min(...rows.map(([, n]) => n)))} to ${number(Math.max(...rows.map(([, n]) => n)))}"></div>` : html``}
${
  years.length > 0
    ? htmlTable(
        'Tickers by year, between the first and the last day here',
        ['Year', 'First day', 'Last day', 'Tickers', 'Listed', 'Gone'],
        years.map((year) => [
          year.year,
          year.first,
          year.last,
          number(year.tickers),
          number(year.listed),
          number(year.gone),
        ]),
        [3, 4, 5],
      )
    : html``
}
${gapsOf(report)}${replacedOf(report)}${findingsOf(report)}</section>`;
}

function gapsOf({ gaps, unsearched }: DatasetReport): Html {
  if (gaps === undefined) return html``;
  const own = gaps.tickers.flatMap(({ ticker, gaps: holes }) =>
    holes.map(({ start, end, sessions, state, reason }) => [
      ticker,
      start,
      end,
      number(sessions),
      state,
      reason,
    ]),
  );
  return html`${
    gaps.gaps.length === 0
      ? html`<p>No holes.</p>`
      : limited(
          'Holes',
          ['From', 'To', 'Sessions', 'State', 'Why', 'Accepted'],
          gaps.gaps.map((gap) => [
            gap.start,
            gap.end,
            number(gap.sessions),
            gap.state,
            gap.reason,
            gap.accepted ?? '',
          ]),
          [2],
        )
  }${own.length === 0 ? html`` : limited("Holes of the tickers' own", ['Ticker', 'From', 'To', 'Sessions', 'State', 'Why'], own, [3])}${
    unsearched === 0
      ? html``
      : html`<p>${counted(unsearched, 'ticker')} not looked through for holes of their own: barloom gaps does.</p>`
  }`;
}

function replacedOf({ replaced }: DatasetReport): Html {
  if (replaced.length === 0) return html``;
  return limited(
    'Days that the vendor replaced, out of the log',
    ['Day', 'Seen', 'Added', 'Removed', 'Changed'],
    replaced.map((one) => [
      one.day,
      instant(one.at),
      number(one.added),
      number(one.removed),
      number(one.changed),
    ]),
    [2, 3, 4],
  );
}

function findingsOf({ verified }: DatasetReport): Html {
  if (verified === undefined) return html`<p>Never verified.</p>`;
  const rows = [...verified.damage, ...verified.suspicions].map(({ kind, day = '', ticker = '', what }) => [
    kind,
    day,
    ticker,
    what,
  ]);
  return html`<p>Verified ${verifiedText(verified)}.</p>${rows.length === 0 ? html`` : limited('What verify found', ['Kind', 'Day', 'Ticker', 'What'], rows)}`;
}

function lastRuns({ runs, last_run: last }: FolderReport): Html {
  if (runs.length > 0)
    return limited(
      'Out of the log, newest first',
      ['Begun', 'Dataset', 'Range', 'Days', 'Problems', 'Retries', 'Error'],
      runs.map((run) => [
        instant(run.at),
        run.dataset,
        `${run.start} to ${run.end}`,
        number(run.days),
        number(run.problems),
        number(run.retries),
        run.error ?? '',
      ]),
      [3, 4, 5],
    );
  if (last === null) return html`<p>None is recorded.</p>`;
  const { command, dataset, started, days, done, exit_code: code } = last;
  return html`<p>${command} of ${dataset}, begun ${instant(started)}: ${number(done)} of ${counted(days, 'day')}, ${code === null ? 'did not end' : `exit ${code}`}. There is no log of more.</p>`;
}

function limited(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  numbers: readonly number[] = [],
): Html {
  const table = htmlTable(
    `${caption}${rows.length > SHOWN ? ` (the first ${SHOWN} of ${number(rows.length)})` : ''}`,
    headings,
    rows.slice(0, SHOWN),
    numbers,
  );
  return rows.length > 8
    ? html`<details><summary>${caption}: ${number(rows.length)}</summary>${table}</details>`
    : table;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** ISO 8601 to the minute. */
function instant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
