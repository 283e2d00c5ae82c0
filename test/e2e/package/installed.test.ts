/**
 * An installed barloom is whole: packed as it would be published, installed into an empty folder without a
 * network, and used. Nothing else is installed beside it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
/** Of the package without optional engines, unpacked. */
const MOST_BYTES = 15e6;

let home = '';
let installed = '';

function run(command: string, args: readonly string[]): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    cwd: home,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TZ: 'UTC',
      BARLOOM_NOW: '2024-06-14T17:00:00Z',
      npm_config_cache: path.join(home, '.npm'),
    },
    shell: command.endsWith('.cmd'),
  });
  expect(error).toBeUndefined();
  expect(`${status} ${status === 0 ? '' : `${stdout}${stderr}`}`).toBe('0 ');
  return stdout;
}

const barloom = (...args: readonly string[]): string =>
  run(process.execPath, [path.join(installed, 'bin', 'barloom.js'), ...args]);

const inData = ['--sandbox', '--data-dir', 'data'];

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'barloom-installed-'));
  installed = path.join(home, 'node_modules', 'barloom');
  writeFileSync(path.join(home, 'package.json'), '{"name":"user","version":"1.0.0","type":"module"}');
  run(NPM, ['pack', ROOT, '--ignore-scripts', '--silent']);
  const tarball = readdirSync(home).find((name) => name.endsWith('.tgz')) ?? '';
  run(NPM, [
    'install',
    '--offline',
    '--ignore-scripts',
    '--omit=dev',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
    `./${tarball}`,
  ]);
  mkdirSync(path.join(home, 'data', 'data_cache'), { recursive: true });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('the installed package brings no other package, and is small', () => {
  expect(readdirSync(path.join(home, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'barloom',
  ]);
  const bytes = readdirSync(installed, { recursive: true }).reduce(
    (sum, name) => sum + statSync(path.join(installed, name as string)).size,
    0,
  );
  expect(bytes).toBeLessThan(MOST_BYTES);
});

it('names the packages whose code is in it, with their licences', () => {
  const notices = readFileSync(path.join(installed, 'THIRD-PARTY-NOTICES'), 'utf8');
  const bundled = /^(?:[^\n]+ \d+\.\d+\.\d+\S* \([^)\n]+\)\n)+\n\S[\s\S]{500}/;
  for (const notice of notices.split(`\n${'-'.repeat(80)}\n\n`).slice(1)) expect(notice).toMatch(bundled);
  for (const name of [
    '@aws-sdk/client-s3',
    'commander',
    'csv-parse',
    'csv-stringify',
    'date-fns',
    'p-limit',
    'pino',
    'tar',
  ])
    expect(notices).toContain(`\n${name} `);
});

it('downloads, checks, reads files of others, exports and packs up, in threads of its own', () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(barloom('--version')).toBe(`${manifest.version}\n`);
  writeFileSync(path.join(home, 'data', 'data_cache', 'AAPL_1d_data.csv'), 'date;close\n');
  writeFileSync(path.join(home, 'data', 'stocks.txt'), 'Ticker,Note\n"AAPL","x, y"\nMSFT,\n');
  barloom(
    'populate',
    '--months',
    '1',
    '--workers',
    '2',
    '--sandbox-tickers',
    '60',
    '--log-file',
    'run.log',
    ...inData,
  );
  expect(readFileSync(path.join(home, 'run.log'), 'utf8')).toMatch(/^\{"level":/);
  expect(barloom('verify', '--deep', '--workers', '2', ...inData)).toContain('No damage');
  expect(barloom('export', 'AAPL', ...inData)).toMatch(/^Ticker,Date,/);
  barloom('backup', 'all.tar', ...inData);
});

it('the installed package is a library with types', () => {
  const program = `import { datasets, parseSeries, seriesFileName, type Dataset } from 'barloom';
    const daily: Dataset | undefined = datasets.get('stocks_daily');
    if (daily === undefined) throw new Error('no dataset');
    console.log(typeof parseSeries, seriesFileName('BApA', daily.series));`;
  writeFileSync(path.join(home, 'user.ts'), program);
  const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const node = path.join(ROOT, 'node_modules', '@types');
  run(process.execPath, [
    tsc,
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--typeRoots',
    node,
    '--types',
    'node',
    'user.ts',
  ]);
  expect(run(process.execPath, ['user.js'])).toBe('function BA_pA_1d_data.csv\n');
});
