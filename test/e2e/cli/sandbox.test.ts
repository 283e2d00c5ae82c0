/**
 * `--sandbox` needs no account and has a folder of its own; `barloom sandbox` serves any S3 client until
 * Ctrl-C.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SANDBOX_REST_KEY } from '#sandbox/options.js';
import { Workdir } from '../../support/workdir.js';

const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

it('populate --sandbox: a first run ends well, a second one has nothing to do', async () => {
  const work = await Workdir.make();
  const args = ['populate', '--sandbox', '--sandbox-tickers', '200', '--months', '2'];
  const first = await work.run(args, { env: NO_KEYS });
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toContain('Complete.');
  const folder = path.join(work.root, 'barloom-sandbox');
  expect(first.stdout).toContain(path.join(folder, 'data_cache'));
  expect(
    readFileSync(path.join(folder, 'data_cache', 'AAPL_1d_data.csv'), 'utf8').split('\n').length,
  ).toBeGreaterThan(40);
  expect(existsSync(path.join(work.root, 'data_cache'))).toBe(false);
  const second = await work.run([...args, '--json'], { env: NO_KEYS });
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout).datasets[0]).toMatchObject({ requests: { get: 0 }, days: { fetched: 0 } });
  // Another market is another source.
  const other = await work.run(['populate', '--sandbox', '--sandbox-tickers', '300', '--months', '3'], {
    env: NO_KEYS,
  });
  expect(other.code).toBe(2);
});

it('the default folder is the working directory', async () => {
  const work = await Workdir.make();
  await work.write('stocks.txt', 'AAPL\n');
  const { code, stdout } = await work.run(
    ['populate', '--sandbox', '--sandbox-tickers', '200', '--days', '5', '--data-dir', '.'],
    {
      cwd: work.data,
      env: NO_KEYS,
    },
  );
  expect(code, stdout).toBe(0);
  expect(work.has('data_cache', 'AAPL_1d_data.csv')).toBe(true);
});

it('barloom sandbox prints what any client needs, serves it, and ends at Ctrl-C with 0', async () => {
  const work = await Workdir.make();
  let served: Promise<void> | undefined;
  const sandbox = await work.run(['sandbox', '--port', '0', '--tickers', '150', '--missing', '2024-05-07'], {
    onStderr: (stderr, child) => {
      const endpoint = /on (http:\/\/127\.0\.0\.1:\d+)/.exec(stderr)?.[1];
      if (endpoint === undefined || served !== undefined) return;
      served = serve(endpoint).finally(() => child.kill('SIGINT'));
      served.catch(() => undefined);
    },
  });
  async function serve(endpoint: string): Promise<void> {
    work.endpoint = endpoint;
    const { code } = await work.populate('--start 2024-05-06 --end 2024-05-08 --tickers AAPL');
    expect(code).toBe(3);
    expect(work.series('AAPL').split('\n').length).toBe(4);
  }
  await served;
  expect(sandbox.code).toBe(0);
  for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'MASSIVE_API_URL'])
    expect(sandbox.stdout).toContain(`export ${name}=`);
});

it('barloom sandbox serves the REST API by a plan, under the key that it prints', async () => {
  const work = await Workdir.make();
  const statuses: number[] = [];
  let asked: Promise<void> | undefined;
  const args = ['--port', '0', '--tickers', '100', '--plan', 'basic', '--denied-types', 'splits'];
  const sandbox = await work.run(['sandbox', ...args], {
    onStderr: (stderr, child) => {
      const endpoint = /" (http:\/\/127\.0\.0\.1:\d+)\/v3/.exec(stderr)?.[1];
      if (endpoint === undefined || asked !== undefined) return;
      asked = ask(endpoint).finally(() => child.kill('SIGINT'));
      asked.catch(() => undefined);
    },
  });
  async function ask(endpoint: string): Promise<void> {
    const headers = { Authorization: `Bearer ${SANDBOX_REST_KEY}` };
    for (const path of ['v3/reference/tickers', 'stocks/v1/splits', 'stocks/financials/v1/balance-sheets'])
      statuses.push((await fetch(`${endpoint}/${path}`, { headers })).status);
    for (let i = 0; i < 3; i++)
      statuses.push((await fetch(`${endpoint}/stocks/v1/dividends`, { headers })).status);
  }
  await asked;
  expect(sandbox.stdout).toContain(`export MASSIVE_API_KEY=${SANDBOX_REST_KEY}\n`);
  expect(statuses).toEqual([200, 403, 403, 200, 200, 429]);
});

it('options of the REST API that mean nothing are told, with 2', async () => {
  const work = await Workdir.make();
  for (const [option, value] of [
    ['--plan', 'golden'],
    ['--denied-types', 'dividends,nonsense'],
    ['--rate-limit', '5/day'],
    ['--latency', 'long'],
  ] as const) {
    const { code, stderr } = await work.run(['sandbox', option, value]);
    expect(code, option).toBe(2);
    expect(stderr).toContain(option);
  }
});

it('--help and --version', async () => {
  const work = await Workdir.make();
  const help = await work.run(['populate', '--help']);
  expect(help.code).toBe(0);
  for (const option of ['--months', '--ticker-files', '--no-save-others', '--recheck', '--log-level'])
    expect(help.stdout).toContain(option);
  expect((await work.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await work.run([])).code).not.toBe(1);
});
