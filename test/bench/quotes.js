/**
 * npm run bench:quotes: a year of one symbol's quotes, 9.3 million, from a sandbox of Alpaca in a process of its own on the same processors, into
 * Parquet; beside it plain Node that fetches the same pages.
 *
 *   options: --quotes N (a day; default: 36976), --start D, --end D (default: 2024), --rounds N (default: 1), --json (the figures on stdout)
 *
 * Each run is a process of its own; time is from spawn to exit. Fails only where a run does not do what it is measured for.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment, median, runNode } from './measure.js';

const BARLOOM = path.join(import.meta.dirname, '..', '..', 'bin', 'barloom.js');
const BASELINE = path.join(import.meta.dirname, 'quotes-baseline.js');
const WORKERS = '4';

const { values: flags } = parseArgs({
  options: {
    quotes: { type: 'string', default: '36976' },
    start: { type: 'string', default: '2024-01-01' },
    end: { type: 'string', default: '2024-12-31' },
    rounds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const root = mkdtempSync(path.join(os.tmpdir(), 'barloom-bench-'));
const env = cleanEnvironment(path.join(root, 'home'), { accessKeyId: 'none', secretAccessKey: 'none' });
const server = spawn(
  process.execPath,
  [BARLOOM, 'sandbox', 'alpaca', '--port', '0', '--quotes', flags.quotes],
  {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  },
);
const peakFile = path.join(root, 'peak');
const range = [flags.start, flags.end];
const data = (name) => path.join(root, name);

/** The exports that it prints. */
function variables() {
  return new Promise((resolve, reject) => {
    let text = '';
    server.on('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
    server.stdout.setEncoding('utf8').on('data', (more) => {
      text += more;
      const lines = [...text.matchAll(/^export (\w+)=(\S+)$/gm)];
      if (lines.length === 3) resolve(Object.fromEntries(lines.map(([, name, value]) => [name, value])));
    });
  });
}

/** CPU seconds of the server so far; undefined where the system does not tell. */
function serverSeconds() {
  try {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

const importing = (folder, ...more) => [
  ...[BARLOOM, 'quotes', 'import', 'AAPL', ...range, '--workers', WORKERS],
  ...['--data-dir', folder, '--json', '--quiet', ...more],
];
const counted = ({ stdout }) => JSON.parse(stdout).quotes;

const CASES = [
  {
    name: 'GET of the pages, dropped *',
    args: (given) => [BASELINE, given.APCA_API_DATA_URL, 'AAPL', ...range, WORKERS, 'drop'],
  },
  {
    name: 'GET + JSON.parse, dropped',
    args: (given) => [BASELINE, given.APCA_API_DATA_URL, 'AAPL', ...range, WORKERS, 'parse'],
    quotes: counted,
  },
  {
    name: 'barloom quotes import, every quote',
    before: () => rmSync(data('whole'), { recursive: true, force: true }),
    args: () => importing(data('whole')),
    quotes: counted,
    target: '60 s, 300 MB',
  },
  { name: 'barloom again, nothing to do', args: () => importing(data('whole')) },
  {
    name: 'barloom quotes import, --reduce second:best',
    before: () => rmSync(data('less'), { recursive: true, force: true }),
    args: () => importing(data('less'), '--reduce', 'second:best'),
    quotes: counted,
  },
  {
    name: 'barloom sql, count, first and last of all',
    args: () => [
      ...[BARLOOM, 'sql', 'SELECT count(*) AS n, min(ts_ns), max(ts_ns) FROM quotes'],
      ...['--format', 'ndjson', '--data-dir', data('whole')],
    ],
    quotes: ({ stdout }) => Number(JSON.parse(stdout.trim()).n),
  },
];

try {
  const given = await variables();
  const figures = [];
  for (let round = 0; round < Number(flags.rounds); round++)
    for (const { name, args, before, quotes } of CASES) {
      before?.();
      const served = serverSeconds();
      const ended = await runNode(args(given), { cwd: root, env: { ...env, ...given }, peakFile });
      const server_cpu = served === undefined ? undefined : serverSeconds() - served;
      figures.push({ name, ...ended, server_cpu, quotes: quotes?.(ended) });
    }
  const counts = new Set(figures.flatMap(({ quotes }) => (quotes === undefined ? [] : [quotes])));
  if (counts.size !== 1) throw new Error(`not the same quotes everywhere: ${[...counts].join(', ')}`);
  const [total] = counts;
  const middle = (name, field) => median(figures.filter((one) => one.name === name).map((one) => one[field]));
  const base = middle(CASES[0].name, 'seconds');
  const table = CASES.map(({ name, target = '' }) => ({
    name,
    seconds: middle(name, 'seconds'),
    cpu_seconds: middle(name, 'cpuSeconds'),
    server_cpu_seconds: middle(name, 'server_cpu'),
    peak_mb: Math.max(...figures.filter((one) => one.name === name).map(({ peakBytes }) => peakBytes)) / 1e6,
    ratio: middle(name, 'seconds') / base,
    target,
  }));
  if (flags.json) process.stdout.write(`${JSON.stringify({ quotes: total, figures: table }, null, 2)}\n`);
  else {
    const cells = (row) =>
      `${row[0].padEnd(44)} | ${row[1].padStart(8)} | ${row[2].padStart(6)} | ${row[3].padStart(10)} | ${row[4].padStart(7)} | ${row[5].padStart(6)} | ${row[6]}`;
    const lines = [
      `${total.toLocaleString('en-US')} quotes of AAPL, ${flags.start} to ${flags.end}; ${WORKERS} days at once; rounds: ${flags.rounds}`,
      '',
      cells(['case', 'wall s', 'cpu s', 'server cpu', 'peak MB', 'ratio', 'target']),
      ...table.map((one) =>
        cells([
          one.name,
          one.seconds.toFixed(2),
          one.cpu_seconds.toFixed(1),
          one.server_cpu_seconds?.toFixed(1) ?? '',
          one.peak_mb.toFixed(0),
          one.ratio.toFixed(2),
          one.target,
        ]),
      ),
      '* ratio 1',
      `node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model}, load ${os.loadavg()[0].toFixed(1)}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
} finally {
  server.kill();
  rmSync(root, { recursive: true, force: true });
}
