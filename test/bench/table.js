/** The cases of the benchmark as people read them, with the targets of the project, and their table. */

/** `target`: what the median is to stay under, in words. */
export const CASES = [
  { name: 'baseline-async', title: 'GET + gunzip in the thread pool, dropped' },
  { name: 'baseline-sync', title: 'GET + gunzip in the main thread, dropped' },
  {
    name: 'populate',
    title: 'barloom populate, empty folder, archive on',
    target: 'to sync 3.0, 250 MB',
  },
  { name: 'rerun', title: 'barloom again, whole range', target: '0.4 s' },
  { name: 'rerun-settled', title: 'barloom again, settled range', target: '0.4 s' },
  { name: 'new-ticker', title: 'barloom, a new ticker, whole range', target: '0.3 s' },
  { name: 'new-ticker-settled', title: 'barloom, a new ticker, settled range', target: '0.3 s' },
  { name: 'add', title: 'barloom add, one ticker out of the archive', target: '0.15 s, DuckDB / 8' },
  { name: 'duckdb-archive', title: 'DuckDB, one ticker out of the archive' },
  { name: 'add-long', title: 'barloom add, 782 days', target: '0.2 s, DuckDB / 8' },
  { name: 'duckdb-long', title: 'DuckDB, one ticker, 782 days' },
  { name: 'lake-build', title: 'barloom lake build', target: "DuckDB's copy * 1.8 (aim 1.3), 500 MB" },
  { name: 'duckdb-copy', title: 'DuckDB, one COPY of the same days' },
  { name: 'lake-again', title: 'barloom lake build again', target: '0.3 s' },
  { name: 'lake-day', title: 'barloom lake build, one day more', target: '1 s' },
  { name: 'sql-one', title: 'barloom sql, one ticker', target: '0.3 s' },
  { name: 'duckdb-one', title: 'DuckDB, one ticker of the lake' },
  { name: 'sql-group', title: 'barloom sql, a group-by over all', target: "DuckDB's time * 1.2" },
  { name: 'duckdb-group', title: 'DuckDB, the same' },
  { name: 'features', title: 'barloom features build', target: "DuckDB's time * 1.5" },
  { name: 'duckdb-features', title: 'DuckDB, the same columns in one query' },
  { name: 'qlib', title: 'barloom qlib export, every symbol', target: '20 s, 600 MB' },
  {
    name: 'rebuild-all',
    title: 'barloom rebuild --all-tickers',
    target: "DuckDB's time, 400 MB",
  },
  { name: 'duckdb-market', title: 'DuckDB, every ticker, a folder each' },
  { name: 'csv-pipeline', title: 'GET + gunzip + csv-parse (scaled)' },
  { name: 'duckdb', title: 'DuckDB, 53 histories from local files' },
];

export function renderTable(figures, fastest) {
  const rows = figures.map(
    ({ name, title, target, seconds, median, cpuSeconds, peakBytes, ratio, ratioToMainThread }) => [
      name === fastest ? `${title} *` : title,
      `${median.toFixed(3)} (${Math.min(...seconds).toFixed(3)}..${Math.max(...seconds).toFixed(3)})`,
      cpuSeconds.toFixed(2),
      String(Math.round(peakBytes / 1e6)),
      ratio.toFixed(2),
      ratioToMainThread.toFixed(2),
      target ?? '',
    ],
  );
  const head = ['case', 'wall s', 'cpu s', 'peak MB', 'ratio', 'to sync', 'target'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) =>
    cells
      .map((cell, i) =>
        i === 0 || i === head.length - 1 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
      )
      .join(' | ')
      .trimEnd();
  return [
    line(head),
    widths.map((width) => '-'.repeat(width)).join('-|-'),
    ...rows.map(line),
    '* ratio 1',
  ].join('\n');
}
