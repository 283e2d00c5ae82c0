/**
 * Behind a company's proxy: every request goes through it, its password is told to nobody, and a certificate
 * that is not trusted is said once.
 */
import path from 'node:path';
import { expect, test } from 'vitest';
import { startProxy, startTls } from '../../support/proxy.js';
import { market, Workdir } from '../../support/workdir.js';

const RANGE = '--start 2024-06-12 --end 2024-06-13 --tickers AAPL --concurrency 2';
const CA = path.resolve('fixtures/tls/cert.pem');

async function behind(scheme: 'http' | 'https', auth?: string) {
  const sandbox = await market();
  const port = Number(new URL(sandbox.endpoint).port);
  const target = scheme === 'http' ? port : await startTls(port);
  const proxy = await startProxy({ target, ...(auth === undefined ? {} : { auth }) });
  const work = await Workdir.make({ endpoint: `${scheme}://s3.example` });
  return { proxy, work, target };
}

test('plain HTTP: listings and gets go to the proxy, with the whole URL', async () => {
  const { proxy, work } = await behind('http');
  const { code, stderr } = await work.populate(RANGE, {
    env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
  });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(proxy.asked.filter((line) => line.startsWith('GET http://s3.example/flatfiles'))).toHaveLength(3);
});

test('TLS: through a tunnel, with the user and password of the variable, which nobody is told', async () => {
  const { proxy, work } = await behind('https', 'me:hunter2');
  const env = { https_proxy: `me:hunter2@127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: CA };
  const { code, stderr } = await work.populate(RANGE, { env });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT s3.example:443']));
  const doctor = await work.verb(`doctor --endpoint ${work.endpoint}`, { env });
  expect(doctor.stdout.replace(/\s+/g, ' ')).toContain(
    `through the proxy http://***@127.0.0.1:${proxy.port}`,
  );
  expect(doctor.stdout + doctor.stderr + stderr).not.toContain('hunter2');
});

test.each([
  ['http', 'HTTP_PROXY', 2],
  ['https', 'ALL_PROXY', 2],
] as const)('%s: a proxy that asks for a password is said to, at once', async (scheme, variable, exit) => {
  const { proxy, work } = await behind(scheme, 'me:hunter2');
  const { code, stderr } = await work.populate(RANGE, {
    env: { [variable]: `http://127.0.0.1:${proxy.port}` },
  });
  expect(stderr).toMatch(/proxy .*asks for a user and a password/);
  expect(code).toBe(exit);
  expect(proxy.asked).toHaveLength(1);
});

test('NO_PROXY spares a host; a proxy that is not there is named', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  const HTTP_PROXY = 'http://127.0.0.1:9';
  const spared = await work.populate(RANGE, { env: { HTTP_PROXY, NO_PROXY: '127.0.0.1,localhost' } });
  expect(spared.code).toBe(0);
  const gone = await work.verb(`doctor --endpoint ${sandbox.endpoint}`, { env: { HTTP_PROXY } });
  expect(gone.stdout.replace(/\s+/g, ' ')).toContain(
    'the proxy http://127.0.0.1:9 cannot be reached (ECONNREFUSED)',
  );
  const socks = await work.populate(RANGE, { env: { ALL_PROXY: 'socks5://me:hunter2@127.0.0.1:9' } });
  expect([socks.code, socks.stderr]).toEqual([2, expect.stringContaining('HTTP proxies')]);
  expect(socks.stderr).not.toContain('hunter2');
});

test('a certificate that is not trusted: said once, with what to do, exit 2', async () => {
  const sandbox = await market();
  const port = await startTls(Number(new URL(sandbox.endpoint).port));
  const work = await Workdir.make({ endpoint: `https://127.0.0.1:${port}` });
  const { code, stderr } = await work.populate(RANGE);
  expect(code).toBe(2);
  expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
  expect(stderr).not.toMatch(/run the same command again|attempt 2/);
  const { code: trusted } = await work.populate(RANGE, { env: { NODE_EXTRA_CA_CERTS: CA } });
  expect(trusted).toBe(0);
});
