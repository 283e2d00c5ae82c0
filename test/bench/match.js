/**
 * npm run bench:match: `barloom match` on an archive of the real one's size, 70,000 files and 6,822 instruments, with a warm cache. Files that
 * instruments name have true lengths, the others a few rows: no run opens them.
 *
 *   options: --files N (default: 70000), --rounds N (default: 3), --json (the figures on stdout)
 *
 * Each run is a process of its own; time is from spawn to exit. Fails only where a run does not do what it is measured for.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment, median, runNode } from './measure.js';

const BARLOOM = path.join(import.meta.dirname, '..', '..', 'bin', 'barloom.js');
const MEGABYTE = 1e6;

const { values: flags } = parseArgs({
  options: {
    files: { type: 'string', default: '70000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

const root = mkdtempSync(path.join(os.tmpdir(), 'barloom-bench-'));
const folder = path.join(root, 'archive');
const env = cleanEnvironment(path.join(root, 'home'), { accessKeyId: 'none', secretAccessKey: 'none' });
const run = (args, cwd = root) =>
  runNode([BARLOOM, ...args], { cwd, env, peakFile: path.join(root, 'peak') });

async function match(...args) {
  const ended = await run(['match', '--json', ...args], folder);
  return { ...ended, document: JSON.parse(ended.stdout) };
}

const LIST = path.join(folder, 'tradeable_instruments', 'shares-2025-05.csv');
const EXPORT = path.join(folder, 'data', 'processed', 'tradeable_prices', 'aapl.us.csv');

/** What is changed before a run, and what the run then has to have done. */
const CASES = [
  {
    name: 'first run',
    prepare: () => {
      for (const made of ['metadata', 'processed'])
        rmSync(path.join(folder, 'data', made), { recursive: true, force: true });
    },
    holds: ({ work }) => work.files_read > 0 && work.prices_written > 0,
  },
  { name: 'nothing changed', prepare: () => undefined, holds: ({ unchanged }) => unchanged },
  {
    name: 'one list changed',
    prepare: () => appendFileSync(LIST, 'BRK.B:US,US0846707026,NYSE,BERKSHIRE,USD\n'),
    holds: ({ work }) => work.lists_matched === 1 && work.outputs_written.includes('match_report'),
  },
  {
    name: 'one price file changed',
    prepare: () => appendFileSync(sourceOf('AAPL.US'), 'AAPL.US,D,20251006,000000,10,11,9,10,100,0\r\n'),
    holds: ({ work }) => work.files_read === 1 && work.prices_written === 1,
  },
  {
    name: 'one price file deleted',
    prepare: () => rmSync(EXPORT),
    holds: ({ work }) =>
      work.files_read === 1 && work.prices_written === 1 && work.outputs_written.length === 0,
  },
];

function sourceOf(ticker) {
  const report = readFileSync(path.join(folder, 'data', 'metadata', 'tradeable_matches.csv'), 'utf8');
  const line = report.split('\n').find((row) => row.includes(`,${ticker},`));
  return path.join(
    folder,
    'data',
    'stooq',
    line.split(',').find((cell) => cell.endsWith('.txt')),
  );
}

try {
  process.stderr.write(`making an archive of ${flags.files} files\n`);
  process.stderr.write(
    (await run(['sandbox', 'stooq', folder, '--files', flags.files])).stdout.split('\n')[0],
  );
  process.stderr.write('\n');
  const figures = [];
  for (let round = 0; round < Number(flags.rounds); round++)
    for (const { name, prepare, holds } of CASES) {
      prepare();
      const { seconds, cpuSeconds, peakBytes, document } = await match();
      if (!holds(document))
        throw new Error(`${name}: not what was to be measured: ${JSON.stringify(document.work)}`);
      figures.push({ name, seconds, cpuSeconds, peakBytes, bytes: document.work.bytes_read });
    }
  const table = CASES.map(({ name }) => {
    const own = figures.filter((one) => one.name === name);
    const middle = (field) => median(own.map((one) => one[field]));
    return {
      name,
      seconds: middle('seconds'),
      cpu_seconds: middle('cpuSeconds'),
      peak_mb: Math.max(...own.map(({ peakBytes }) => peakBytes)) / MEGABYTE,
      read_mb: middle('bytes') / MEGABYTE,
    };
  });
  if (flags.json) writeFileSync(1, `${JSON.stringify(table, null, 2)}\n`);
  else
    for (const { name, seconds, cpu_seconds, peak_mb, read_mb } of table)
      process.stdout.write(
        `${name.padEnd(24)}${seconds.toFixed(2).padStart(7)} s  CPU ${cpu_seconds.toFixed(2).padStart(6)} s  peak ${peak_mb.toFixed(0).padStart(4)} MB  read ${read_mb.toFixed(1)} MB\n`,
      );
} finally {
  rmSync(root, { recursive: true, force: true });
}
