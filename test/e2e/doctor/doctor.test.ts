/**
 * `barloom doctor` by the real command: each way in which it would not work is told, with what to do, and
 * nothing stays behind.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import type { Check } from '#tasks/doctor/check.js';
import {
  barLine,
  dayObjects,
  type Ended,
  HEADER,
  keyOf,
  market,
  type RunOptions,
  Workdir,
} from '../../support/workdir.js';

const SECRET = 'hushHushSecretOfMine';
const LOCAL = ['folder', 'files', 'lock', 'progress', 'tickers', 'space'];
const WIRE = ['keys', 'endpoint', 'clock', 'listing', 'day', 'plan'];

interface Document {
  readonly exit_code: number;
  readonly checks: readonly Check[];
  readonly settings: readonly { readonly name: string; readonly value: string; readonly origin: string }[];
  readonly datasets: readonly Record<string, unknown>[];
}

interface Examined extends Ended {
  readonly document: Document;
  readonly check: (name: string) => Check;
  readonly states: Readonly<Record<string, Check['state']>>;
}

/** Runs it with --json; whatever the outcome, no secret is told and nothing is changed. */
async function doctor(
  work: Workdir,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Examined> {
  const where = work.endpoint === undefined ? [] : ['--endpoint', work.endpoint];
  const before = [work.everything(), work.times(), readdirSync(work.root)];
  const ended = await work.run(['doctor', '--json', '--data-dir', work.data, ...where, ...args], options);
  expect([work.everything(), work.times(), readdirSync(work.root)]).toEqual(before);
  expect(ended.stdout + ended.stderr).not.toContain(SECRET);
  expect(ended.stdout, ended.stderr).toMatch(/^\{/);
  const document = JSON.parse(ended.stdout) as Document;
  expect(document).toMatchObject({ schema_version: 1, command: 'doctor', exit_code: ended.code });
  const check = (name: string): Check => {
    const found = document.checks.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no check ${name} in ${ended.stdout}`);
    return found;
  };
  const states = Object.fromEntries(document.checks.map(({ name, state }) => [name, state]));
  return { ...ended, document, check, states };
}

function all(names: readonly string[], state: Check['state']): Record<string, Check['state']> {
  return Object.fromEntries(names.map((name) => [name, state]));
}

it('all is well: each check is told, the edge of the plan is exact, and nothing is left on the disk', async () => {
  const sandbox = await market({ denied: [{ end: '2021-03-09' }] });
  const work = await Workdir.make(sandbox);
  await work.write('stocks.txt', 'AAPL\nMSFT\n');
  const { code, states, check, document, stderr } = await doctor(work);
  expect(states).toEqual(all(['program', 'settings', 'REST key', ...WIRE, ...LOCAL], 'ok'));
  expect([code, stderr]).toEqual([0, '']);
  expect(check('keys').message).toBe('a pair from the environment');
  expect(check('endpoint').message).toContain(`${sandbox.endpoint} (--endpoint): 127.0.0.1`);
  expect(check('plan').message).toContain('from 2021-03-10 on');
  expect(document.datasets).toEqual([
    {
      dataset: 'stocks_daily',
      range: { start: '2022-06-14', end: '2024-06-13' },
      newest_day: '2024-06-13',
      first_allowed_day: '2021-03-10',
      sample: {
        day: '2024-06-13',
        rows: expect.any(Number),
        bytes: expect.any(Number),
        download_seconds: expect.any(Number),
        work_seconds: expect.any(Number),
      },
      to_fetch: {
        days: nyse.sessions('2022-06-14', '2024-06-13').length,
        bytes: expect.any(Number),
        seconds: expect.any(Number),
      },
    },
  ]);
  expect(document.settings.find(({ name }) => name === 'dataDir')).toEqual({
    name: 'dataDir',
    value: work.data,
    origin: '--data-dir',
  });
  // One LIST, the newest day, and the probes of a bisection.
  const { lists, gets } = await sandbox.requests();
  expect(lists).toBe(1);
  expect(gets).toBeLessThanOrEqual(16);
});

it('before anything is there: the folder is not made, and a range before the edge is warned of', async () => {
  const work = await Workdir.make(await market({ denied: [{ end: '2024-03-28' }] }));
  const { code, check, states, document } = await doctor(work, ['--months', '6']);
  expect(code).toBe(0);
  expect(work.has()).toBe(false);
  expect(check('folder').message).toBe(`${work.data} is not there yet and can be made in ${work.root}`);
  expect(states).toMatchObject({ plan: 'warning', tickers: 'warning' });
  const older = nyse.sessions('2023-12-14', '2024-03-28').length;
  expect(check('plan').message).toContain(`the range asked for has ${older} sessions before that`);
  expect(check('plan').advice).toContain('--start 2024-04-01');
  const readable = nyse.sessions('2024-04-01', '2024-06-13').length;
  expect(document.datasets).toMatchObject([{ to_fetch: { days: readable } }]);
});

it('a range that is wholly before the edge: 4, as a run would end', async () => {
  const work = await Workdir.make(await market({ denied: [{ end: '2024-03-28' }] }));
  const { code, check } = await doctor(work, ['--start', '2024-01-02', '--end', '2024-02-29']);
  expect(code).toBe(4);
  expect(check('plan')).toMatchObject({ state: 'failure', advice: expect.stringContaining('ends with 4') });
});

it('for people: a line a check, at most 79 columns, no escapes, and the upshot', async () => {
  const work = await Workdir.make(await market());
  await work.write('stocks.txt', 'AAPL\n');
  const args = ['doctor', '--data-dir', 'data', '--endpoint', work.endpoint ?? ''];
  const { stdout, stderr, code } = await work.run(args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ok {7}program {3}barloom \d+\.\d+\.\d+ on Node v\d+/);
  expect(stdout).toMatch(/\n {2}concurrency +8 \(default\)\n/);
  expect(stdout).toMatch(/\n\nIt will work\.\n$/);
  expect(stdout).not.toContain('\u001b');
  expect(stdout.split('\n').filter((line) => line.length > 79 && !line.includes(work.root))).toEqual([]);
});

it('the embedded sandbox needs neither keys nor network', async () => {
  const work = await Workdir.make();
  const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const { code, states } = await doctor(work, ['--sandbox', '--sandbox-tickers', '100'], { env });
  expect(states).toEqual(
    all(['program', 'settings', 'REST key', 'endpoint', 'listing', 'day', 'plan', ...LOCAL], 'ok'),
  );
  expect(code).toBe(0);
});

it('a mirror in a folder is asked as a server is, without keys', async () => {
  const work = await Workdir.make({ endpoint: 'file:mirror' });
  const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const [bytes = new Uint8Array()] = dayObjects({ '2024-06-13': HEADER + barLine('AAPL') }).values();
  await work.write(`../mirror/${keyOf('2024-06-13')}`, bytes);
  const { code, check, states } = await doctor(work, [], { env });
  expect(code).toBe(0);
  expect(states).not.toHaveProperty('keys');
  expect(check('day')).toMatchObject({
    state: 'ok',
    message: expect.stringContaining('; 1 row verified and split'),
  });
  expect(check('plan')).toMatchObject({
    state: 'ok',
    message: expect.stringContaining('from 2024-06-13 on'),
  });
  const nowhere = await Workdir.make({ endpoint: 'file:nowhere' });
  const lacking = await doctor(nowhere, [], { env });
  expect(lacking.code).toBe(2);
  expect(lacking.states).toMatchObject({ endpoint: 'failure', listing: 'skipped', plan: 'skipped' });
});

it.each([
  [
    'no keys at all',
    { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    'keys',
    /no keys: put the S3 access key/,
  ],
  [
    'half a pair',
    { AWS_ACCESS_KEY_ID: SECRET, AWS_SECRET_ACCESS_KEY: '' },
    'keys',
    /AWS_SECRET_ACCESS_KEY is not/,
  ],
  ['a wrong secret', { AWS_SECRET_ACCESS_KEY: SECRET }, 'listing', /the secret does not belong/],
  ['an unknown key', { AWS_ACCESS_KEY_ID: SECRET }, 'listing', /does not know this access key/],
])('%s: 4, and what needs keys is not tried', async (_, env, where, sentence) => {
  const work = await Workdir.make(await market());
  const { code, check, states } = await doctor(work, [], { env });
  expect(code).toBe(4);
  expect(check(where)).toMatchObject({ state: 'failure', message: expect.stringMatching(sentence) });
  for (const later of WIRE.slice(Math.max(WIRE.indexOf('clock') + 1, WIRE.indexOf(where) + 1)))
    expect(states[later]).toBe('skipped');
  expect(check(where).advice?.includes('REST API') ?? false).toBe(where === 'listing');
  expect(states).toMatchObject({ folder: 'ok', space: 'ok' });
});

it('403 wherever one asks, as with the key of the REST API: says which keys it takes', async () => {
  const endpoint = await serve((_, answer) => answer.writeHead(403).end());
  const { code, check } = await doctor(await Workdir.make({ endpoint }));
  expect(code).toBe(4);
  expect(check('listing')).toMatchObject({
    state: 'failure',
    advice: expect.stringMatching(/REST API opens nothing/),
  });
});

it('a dataset that the plan does not hold: listed, refused, 4', async () => {
  const work = await Workdir.make(await market({ denied: [{ end: '2024-06-14' }] }));
  const { code, check, states } = await doctor(work);
  expect(code).toBe(4);
  expect(states).toMatchObject({ listing: 'ok', day: 'failure', plan: 'skipped', space: 'ok' });
  expect(check('day').message).toBe('stocks_daily: 2024-06-13 is listed, and refused (403)');
});

it.each([
  ['nobody listens', 'http://127.0.0.1:9', 5, /nobody listens at 127\.0\.0\.1:9/],
  [
    'no such name',
    'https://no-such-host.invalid',
    5,
    /name of no-such-host\.invalid cannot be resolved|does not answer/,
  ],
  ['Amazon', 'https://s3.amazonaws.com', 2, /are not sent to s3\.amazonaws\.com/],
  ['a password in it', `https://me:${SECRET}@files.massive.com`, 2, /has a user name or password in it/],
])('an endpoint where %s: told, and nothing else is asked of it', async (_, endpoint, code, sentence) => {
  const ended = await doctor(await Workdir.make({ endpoint }));
  expect(ended.code).toBe(code);
  expect(ended.check('endpoint')).toMatchObject({
    state: 'failure',
    message: expect.stringMatching(sentence),
  });
  expect(ended.states).toMatchObject({
    clock: 'skipped',
    listing: 'skipped',
    day: 'skipped',
    plan: 'skipped',
  });
  expect(ended.ms).toBeLessThan(20_000);
});

it('a server that takes the connection and says nothing is given up in time, and the rest is still told', async () => {
  const endpoint = await serve(() => undefined);
  const { code, check, states, ms } = await doctor(await Workdir.make({ endpoint }));
  expect(code).toBe(5);
  expect(check('endpoint').message).toMatch(/does not answer/);
  expect(states).toMatchObject({ listing: 'skipped', folder: 'ok', space: 'ok' });
  expect(ms).toBeLessThan(20_000);
}, 40_000);

it('a server without TLS behind https:// is told as that', async () => {
  const endpoint = (await serve((_, answer) => answer.end())).replace('http:', 'https:');
  const { code, check } = await doctor(await Workdir.make({ endpoint }));
  expect(code).toBe(5);
  expect(check('endpoint').message).toMatch(/does not speak https .*: is it http:\/\/\?$/);
});

it('Ctrl-C ends it at once, with what was found until then', async () => {
  const endpoint = await serve(() => undefined);
  const within = ['timeout', '--preserve-status', '-s', 'INT', '5'];
  const { code, check, states, ms } = await doctor(await Workdir.make({ endpoint }), [], { within });
  expect(code).toBe(130);
  expect(check('keys').state).toBe('ok');
  expect(states).not.toHaveProperty('endpoint');
  expect(ms).toBeLessThan(9500);
});

it('a clock that is off is told; where the server refuses signatures of such a clock, its own clock dates them, and if it tells none, that is what to mend', async () => {
  for (const [minutes, state, toldTo] of [
    [2, 'ok', 'all'],
    [-8, 'warning', 'all'],
    [60, 'warning', 'all'],
    [60, 'warning', 'HEAD'],
  ] as const) {
    const shift = minutes * 60_000;
    const sandbox = await market({ clock: () => new Date(Date.now() + shift) });
    const endpoint = await serve((asked, answer) => {
      const { method, url, headers } = asked;
      const onward = request(`${sandbox.endpoint}${url}`, { method, headers }, (reply) => {
        const { date, ...others } = reply.headers;
        const told = toldTo === 'all' || method === toldTo;
        answer.sendDate = false;
        answer.writeHead(reply.statusCode ?? 500, { ...others, ...(told && { date }) });
        reply.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      asked.pipe(onward);
    });
    const { code, check, stdout } = await doctor(await Workdir.make({ endpoint }));
    expect(check('clock').state, stdout).toBe(state);
    const distance =
      minutes === 2
        ? /1(19|20|21) s behind/
        : `${Math.abs(minutes)} min ${minutes > 0 ? 'behind' : 'ahead of'}`;
    expect(check('clock').message).toMatch(distance);
    const refused = toldTo === 'HEAD';
    expect([code, check('listing').state]).toEqual(refused ? [4, 'failure'] : [0, 'ok']);
    if (refused) expect(check('listing').advice).toMatch(/^Set this computer's clock/);
  }
});

it('a profile in a file that others may read is used, and warned of; its keys are not shown', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  const { accessKeyId, secretAccessKey } = sandbox.credentials;
  const file = await work.write(
    '../home/.aws/credentials',
    `[massive]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  await chmod(file, 0o644);
  const open = await doctor(work, [], { env });
  expect(open.check('keys')).toEqual({
    name: 'keys',
    state: 'warning',
    message: `a pair from profile "massive" in ${file}, which others on this computer may read (mode 644)`,
    advice: `chmod 600 ${file}`,
  });
  expect(open.code).toBe(0);
  await chmod(file, 0o600);
  const closed = await doctor(work, [], { env });
  expect(closed.states['keys']).toBe('ok');
  expect(open.stdout + closed.stdout).not.toContain(accessKeyId);
  expect(open.stdout + closed.stdout).not.toContain(secretAccessKey);
});

it('something that is no folder in the place of the folder: 6, and what needs it is not tried', async () => {
  const work = await Workdir.make(await market());
  const file = await work.write('../file', 'mine');
  const { code, check, states } = await doctor(work, ['--data-dir', path.join(file, 'data')]);
  expect(code).toBe(6);
  expect(check('folder').message).toContain(file);
  expect(states).toMatchObject({ day: 'ok', ...all(LOCAL.slice(1), 'skipped') });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

const SMALL_DISK = ['unshare', '-rm', 'sh', '-c'];
const possible =
  process.platform === 'linux' &&
  spawnSync('unshare', [...SMALL_DISK.slice(1), 'mount -t tmpfs none /mnt'], { stdio: 'ignore' }).status ===
    0;

it.skipIf(!possible)('a folder that cannot be written: 6, with the disk’s reason', async () => {
  const work = await Workdir.make(await market());
  await work.write('data_cache/AAPL_1d_data.csv', 'Date,Open,High,Low,Close,Volume\n');
  for (const folder of [work.data, work.at('data_cache')]) {
    const script = `mount --bind "${folder}" "${folder}" && mount -o remount,ro,bind "${folder}" && "$@"`;
    const { code, check } = await doctor(work, [], { within: [...SMALL_DISK, script, 'sh'] });
    expect(code).toBe(6);
    expect(check('folder').message).toMatch(/read-only .*choose another folder/);
  }
});

it.skipIf(!possible)('a range that does not fit the disk: 6', async () => {
  const work = await Workdir.make(await market());
  await mkdir(work.data);
  const script = `mount -t tmpfs -o size=400k none "${work.data}" && "$@"`;
  const { code, check } = await doctor(work, [], { within: [...SMALL_DISK, script, 'sh'] });
  expect(code).toBe(6);
  expect(check('space')).toMatchObject({
    state: 'failure',
    message: expect.stringContaining('0 MB are free'),
  });
  const fits = await doctor(work, ['--days', '7'], { within: [...SMALL_DISK, script, 'sh'] });
  expect(fits.states['space']).toBe('ok');
});

it('a folder in use, and one that was filled from elsewhere', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  expect((await work.populate('--days 7 --tickers AAPL')).code).toBe(0);
  const good = await doctor(work, ['--days', '7']);
  expect(good.check('progress').message).toBe(`5 days recorded, from ${sandbox.endpoint} (bucket flatfiles)`);
  expect(good.document.datasets[0]).toMatchObject({ to_fetch: { days: 0, bytes: 0 } });

  const other = await market();
  work.endpoint = other.endpoint;
  const moved = await doctor(work);
  expect(moved.code).toBe(2);
  expect(moved.check('progress').advice).toContain('--adopt-source');
  expect((await doctor(work, ['--adopt-source'])).code).toBe(0);

  await work.write(
    '.barloom.lock',
    JSON.stringify({ host: 'elsewhere', pid: 7, command: 'nightly', since: 'noon' }),
  );
  work.endpoint = sandbox.endpoint;
  const held = await doctor(work);
  expect(held.code).toBe(0);
  expect(held.check('lock')).toMatchObject({
    state: 'warning',
    message: 'held by barloom nightly (pid 7 on elsewhere, since noon)',
    advice: expect.stringContaining('--break-lock'),
  });
  const newer = '{"schema_version":99';
  const check = crc32(newer).toString(16).padStart(8, '0');
  await work.write('progress.json', `${newer}\n,"check":"${check}"}\n`);
  expect((await doctor(work)).code).toBe(2);
  await work.write('progress.json', '{');
  expect((await doctor(work)).check('progress')).toMatchObject({ state: 'warning' });
  expect(existsSync(work.at('progress.json'))).toBe(true);
});

it('wrong settings: 2, each with where it stands, and nothing else is looked at', async () => {
  const work = await Workdir.make(await market());
  const wrong = await doctor(work, [], {
    env: { BARLOOM_CONCURRENCY: 'many', BARLOOM_LOG_LEVEL: 'loud', BARLOOM_WORKERS: '0' },
  });
  expect(wrong.code).toBe(2);
  expect(wrong.states).toEqual({ program: 'ok', settings: 'failure' });
  expect(wrong.check('settings').message).toMatch(
    /BARLOOM_CONCURRENCY: .*; BARLOOM_WORKERS: .*; BARLOOM_LOG_LEVEL: /,
  );
  const noted = await doctor(work, [], { env: { BARLOOM_ARCHIV_DIR: '/x' } });
  expect(noted.code).toBe(0);
  expect(noted.check('settings').message).toContain('did you mean BARLOOM_ARCHIVE_DIR?');
  await work.write('barloom.json', '{"concurency":3}');
  const typo = await doctor(work);
  expect(typo.code).toBe(2);
  expect(typo.check('settings').message).toContain('did you mean "concurrency"?');
  await work.write(
    'barloom.json',
    JSON.stringify({ onFinish: `curl https://hook/${SECRET}`, endpoint: `http://u:${SECRET}@h` }),
  );
  work.endpoint = undefined;
  const { document } = await doctor(work);
  const shown = Object.fromEntries(document.settings.map(({ name, value }) => [name, value]));
  expect(shown).toMatchObject({ onFinish: '(set, and not shown)', endpoint: 'http://…@h' });
});

/** A server on loopback, ended with the test. */
async function serve(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(listener as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
