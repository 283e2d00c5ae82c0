/**
 * Known keys in profile, environment, settings and URLs, and every way for a run to fail: no part of them is
 * in what was told, logged or written, or in what the library throws and emits. The key id counts as a secret
 * too: nothing that a run says needs it. And what is written is nobody else's to write, whatever the umask.
 */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSource } from '#vendors/flatfiles/open-source.js';
import {
  barLine,
  type Ended,
  HEADER,
  keyOf,
  market,
  type RunOptions,
  together,
  Workdir,
} from '../support/workdir.js';
import { sampled, scaled, technique } from './technique.js';
import { EVIL, expectWellTold } from './told.js';

const t = technique('secrets');
const KEY = 'AKIAQX7EXAMPLE0KEYID';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYZQEXAMPLEKEY';
const TOKEN = 'FwoGZXIvYXdzEJr//TOKENqwertzuiop0123456789';
const PASSWORD = 'correcthorsebattery';
const SIGNED = '5d672d79c15b13162d9279b0855cfba6789a8edb';
/** The first, the middle and the last of each are as telling as the whole. */
const PARTS = [KEY, SECRET, TOKEN, PASSWORD, SIGNED].flatMap((text) => [
  text.slice(0, 9),
  text.slice(6, 15),
  text.slice(-9),
  Buffer.from(text).toString('base64').slice(0, 20),
  encodeURIComponent(text).slice(0, 14),
]);
const IN_ENVIRONMENT = { AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: TOKEN };
const NONE = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
const DAY = '2024-06-03';
const POPULATE = `populate --start ${DAY} --end ${DAY} --tickers AAPL --log-file run.log --log-level trace`;

function leaks(text: string): readonly string[] {
  return PARTS.filter((part) => text.includes(part));
}

/** Every file below the folder but those that the test itself put keys into. */
function written(root: string, given: ReadonlySet<string>): string {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !given.has(file))
    .map((file) => `${file}\n${readFileSync(file, 'latin1')}`)
    .join('\n');
}

interface Try {
  readonly work: Workdir;
  readonly given?: readonly string[];
}

function expectSilent(what: string, ended: Ended, { work, given = [] }: Try): void {
  t.injected();
  expect(leaks(ended.stdout + ended.stderr), `${what}: told`).toEqual([]);
  expect(leaks(written(work.root, new Set(given))), `${what}: written`).toEqual([]);
}

/** Which verb is next to meet it, where not all do. */
let turn = 0;

async function verbs(what: string, trial: Try, options: RunOptions, endpoint?: string): Promise<void> {
  const all = [
    POPULATE,
    `${POPULATE} --json`,
    'doctor',
    'doctor --json',
    'nightly',
    'backfill',
    'status',
    'schedule',
    'verify --repair --deep',
  ];
  turn = (turn + 1) % 4;
  for (const verb of scaled(0, 1) === 1 ? all : all.filter((_, n) => n === turn)) {
    const asks = endpoint !== undefined && !/^(status|schedule)/.test(verb);
    const ended = await trial.work.verb(asks ? `${verb} --endpoint ${endpoint}` : verb, {
      cwd: trial.work.root,
      ...options,
    });
    await t.attempt(`${what}: ${verb}`, () => {
      expectSilent(`${what}: ${verb}`, ended, trial);
      expectWellTold(`${what}: ${verb}`, ended, verb.includes('--json'));
    });
  }
}

function xml(code: string, message: string): string {
  const plain = (text: string): string => text.replace(/[<&]/g, '');
  return `<?xml version="1.0"?><Error><Code>${plain(code)}</Code><Message>${plain(message)}</Message><AWSAccessKeyId>${KEY}</AWSAccessKeyId><StringToSign>${plain(message)}</StringToSign></Error>`;
}

function listing(etag: string, size = '100', more = ''): string {
  return `<?xml version="1.0"?><ListBucketResult><Name>flatfiles</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>${more}<Contents><Key>${keyOf(DAY)}</Key><LastModified>2024-06-04T00:00:00.000Z</LastModified><ETag>${etag}</ETag><Size>${size}</Size></Contents></ListBucketResult>`;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const GOOD = gzipSync(HEADER + barLine('AAPL'));
const said = (request: IncomingMessage): string => JSON.stringify(request.headers);
const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

/** Servers that are no friends: they say again what they were sent, or nothing that makes sense. */
const SERVERS: Readonly<Record<string, Answer>> = {
  'wrong keys, with the string to sign': (q, s) =>
    void s.writeHead(403).end(xml('SignatureDoesNotMatch', said(q))),
  'the key id as the code': (_, s) => void s.writeHead(403).end(xml(KEY, 'x')),
  'the token as the code': (q, s) => void s.writeHead(403).end(xml(header(q, 'x-amz-security-token'), 'x')),
  'the signature as the code': (q, s) => void s.writeHead(400).end(xml(header(q, 'authorization'), 'x')),
  'a redirect with the token': (q, s) =>
    void s
      .writeHead(301, {
        location: `http://127.0.0.1:9/${encodeURIComponent(header(q, 'x-amz-security-token'))}`,
      })
      .end(xml('PermanentRedirect', said(q))),
  'HTML with everything': (q, s) => void s.writeHead(200).end(`<html>${said(q)}${EVIL}</html>`),
  'HTML and 403': (q, s) => void s.writeHead(403).end(`<html>${said(q)}${EVIL}</html>`),
  'broken XML': (q, s) =>
    void s
      .writeHead(200)
      .end(`<?xml version="1.0"?><ListBucketResult><Name>${header(q, 'authorization')}&#0;</Nme>`),
  'deep XML': (_, s) => void s.writeHead(200).end('<a>'.repeat(100_000)),
  'prototypes in XML': (_, s) =>
    void s
      .writeHead(200)
      .end(listing('"a"', '100', '<__proto__><x>1</x></__proto__><constructor>1</constructor>')),
  'a size below 0': (_, s) => void s.writeHead(200).end(listing('"a"', '-5')),
  'a size that is none': (_, s) => void s.writeHead(200).end(listing('"a"', 'abc')),
  'an ETag with the key id and escapes, and a good day': (q, s) =>
    void (q.url?.includes('list-type') === true
      ? s.writeHead(200).end(listing(`&quot;&#27;[31m${KEY}&quot;`, String(GOOD.length)))
      : s.writeHead(200, { etag: `"${KEY}"`, 'content-length': GOOD.length }).end(GOOD)),
  'a header line of 100,000 letters with escapes': (q, s) => {
    const body = gzipSync(`${EVIL},${'x'.repeat(100_000)}\nA,1\n`);
    s.writeHead(200).end(q.url?.includes('list-type') === true ? listing('"a"', String(body.length)) : body);
  },
  'a line that is no HTTP': (_, s) => void s.socket?.end(`${EVIL} ${KEY}\r\n\r\n`),
};

async function hostile(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a server that says again what it was sent', () => {
  it('tells nobody else', { timeout: scaled(300_000, 1_800_000) }, async () => {
    const rest = [...sampled(Object.entries(SERVERS), 8)];
    const worker = async (): Promise<void> => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) await meet(...next);
    };
    // Most of the time they wait before they ask again.
    await together([worker(), worker(), worker(), worker()]);
  });

  async function meet(what: string, answer: Answer): Promise<void> {
    const endpoint = await hostile(answer);
    await verbs(what, { work: await Workdir.make() }, { env: IN_ENVIRONMENT }, endpoint);
    const told: unknown[] = [];
    const credentials = { accessKeyId: KEY, secretAccessKey: SECRET, sessionToken: TOKEN };
    const source = await openSource({ endpoint, bucket: 'flatfiles', credentials, concurrency: 1 });
    const tell = (error: Error) => told.push([error.message, error.stack, error.cause, { ...error }]);
    await source.list('us_stocks_sip/').then((found) => told.push(found), tell);
    await source.get(keyOf(DAY)).then(({ etag, cancel }) => {
      told.push(etag);
      cancel();
    }, tell);
    source.close();
    expect(leaks(JSON.stringify(told)), `${what}: what the library says`).toEqual([]);
  }
});

describe('no server at all', () => {
  it.each([
    ['refused', 'http://127.0.0.1:9'],
    ['no such name', 'http://nowhere.invalid'],
    ['TLS that is none', 'https-sandbox'],
  ])('%s', { timeout: 240_000 }, async (what, endpoint) => {
    const at = endpoint === 'https-sandbox' ? (await market()).endpoint.replace('http:', 'https:') : endpoint;
    await verbs(what, { work: await Workdir.make() }, { env: IN_ENVIRONMENT }, at);
  });
});

describe('keys and passwords where they do not belong', () => {
  const URLS = [
    `http://user:${PASSWORD}@127.0.0.1:9/x?X-Amz-Signature=${SIGNED}`,
    `http://127.0.0.1:9/?X-Amz-Signature=${SIGNED}`,
    `htp://127.0.0.1:9/?X-Amz-Signature=${SIGNED}`,
    `127.0.0.1:9?X-Amz-Signature=${SIGNED}`,
    `user:${PASSWORD}@127.0.0.1:9`,
    `http://user:${PASSWORD}/x@:bad/`,
    `file://user:${PASSWORD}@host/x`,
    `http://127.0.0.1:9/#${PASSWORD}`,
  ];

  it('in an endpoint', { timeout: 300_000 }, async () => {
    for (const url of sampled(URLS, 3)) {
      const work = await Workdir.make();
      await verbs(url, { work }, { env: IN_ENVIRONMENT }, url);
      const variable = URLS.indexOf(url) % 2 === 0 ? 'AWS_ENDPOINT_URL' : 'BARLOOM_ENDPOINT';
      const ended = await work.verb('doctor', { env: { ...IN_ENVIRONMENT, [variable]: url } });
      await t.attempt(variable, () => expectSilent(variable, ended, { work }));
    }
  });

  it('in barloom.json, right, wrong and broken', { timeout: 300_000 }, async () => {
    const url = URLS[0] ?? '';
    const texts = [
      JSON.stringify({ endpoint: url }),
      JSON.stringify({ endpoint: [url] }),
      JSON.stringify({ concurrency: url, profile: { secret: SECRET } }),
      JSON.stringify({ quiet: `${PASSWORD}@x`, onFinish: [SECRET] }),
      `{"endpoint": "${url}" "x"}`,
      `{"onFinish":"curl -H 'Authorization: ${SECRET}'", x}`,
      `{"aws_secret_access_key": ${SECRET}}`,
      SECRET,
      `{"a": "${SECRET}`,
    ];
    for (const text of sampled(texts, 4)) {
      const work = await Workdir.make();
      const file = await work.write('barloom.json', text);
      for (const verb of ['doctor', 'status --json', 'schedule'].slice(0, scaled(1, 3)))
        await t.attempt(`${verb}: ${text.slice(0, 20)}`, async () =>
          expectSilent(text.slice(0, 20), await work.verb(verb, { env: NONE }), { work, given: [file] }),
        );
    }
  });

  it('in a profile that is damaged', { timeout: 300_000 }, async () => {
    const id = `aws_access_key_id = ${KEY}`;
    const secret = `aws_secret_access_key = ${SECRET}`;
    const texts = [
      `[massive]\n${id}\n`,
      `[massive]\n${secret}\n`,
      `[massive\n${id}\n${secret}\n`,
      `${id}\n${secret}\n`,
      `[massive]\n${id} ${SECRET}\n${secret}\n`,
      `[massive]\n${id}\n${secret}\u0001\nregion = ${SECRET}\nendpoint_url = http://127.0.0.1:9\n`,
      `[massive]\n${id}\n${secret}\naws_session_token = ${TOKEN}\u2028\nendpoint_url = ${URLS[0]}\n`,
      `[massive]\n${id}\n${secret}\nendpoint_url = ${URLS[2]}\n`,
      `[massive]\n${id}\n${secret}\nendpoint_url = http://127.0.0.1:9\nregion = ${EVIL}\n`,
    ];
    for (const text of sampled(texts, 5)) {
      const work = await Workdir.make();
      const file = path.join(work.root, 'home/.aws/credentials');
      mkdirSync(path.dirname(file));
      writeFileSync(file, text, { mode: 0o600 });
      await verbs(JSON.stringify(text.slice(0, 40)), { work, given: [file] }, { env: NONE });
    }
  });
});

it('a hook that prints its environment, and fails', { timeout: 120_000 }, async () => {
  const sandbox = await market({ accessKeyId: KEY, secretAccessKey: SECRET });
  const work = await Workdir.make(sandbox);
  const env = { AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: SECRET };
  expect((await work.populate('--start 2024-06-12 --end 2024-06-12 --tickers AAPL', { env })).code).toBe(0);
  const args = [
    'nightly',
    '--data-dir',
    work.data,
    '--endpoint',
    sandbox.endpoint,
    '--log-level',
    'trace',
    '--on-finish',
  ];
  const hooks = [
    'env; env | grep KEY; exit 3',
    'cat > /dev/null; env | sort',
    'ps -ww -o args= -p $PPID; tr "\\0" " " < /proc/$PPID/cmdline; exit 1',
  ];
  for (const hook of sampled(hooks, 1)) {
    const ended = await work.run([...args, hook], { env });
    await t.attempt(hook, () => expectSilent(hook, ended, { work }));
  }
});

it("Node's own tracing of requests is refused, since it cannot be silenced", {
  timeout: 120_000,
}, async () => {
  const work = await Workdir.make();
  for (const NODE_DEBUG of ['net', 'fs,HTTP', '*'].slice(0, scaled(2, 3))) {
    const ended = await work.verb(
      `populate --start ${DAY} --end ${DAY} --tickers A --endpoint http://127.0.0.1:9`,
      { env: { ...IN_ENVIRONMENT, NODE_DEBUG } },
    );
    await t.attempt(NODE_DEBUG, () => {
      expectSilent(NODE_DEBUG, ended, { work });
      expect(ended.code).toBe(2);
    });
  }
});

describe.skipIf(process.platform === 'win32')('what is written under umask 000', () => {
  it('is the owner’s alone to write', { timeout: 240_000 }, async () => {
    const sandbox = await market();
    const work = await Workdir.make(sandbox);
    const bin = path.join(work.root, 'bin');
    mkdirSync(bin, { mode: 0o755 });
    writeFileSync(path.join(bin, 'systemctl'), '#!/bin/sh\nexit 0\n');
    chmodSync(path.join(bin, 'systemctl'), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const within = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    for (const dir of [work.root, path.join(work.root, 'home')]) chmodSync(dir, 0o755);
    const runs = [
      `populate --start 2024-06-11 --end 2024-06-12 --tickers AAPL --endpoint ${sandbox.endpoint} --log-file logs/run.log`,
      'add BRK.B', `nightly --endpoint ${sandbox.endpoint}`, 'export AAPL -o out.csv', 'backup b.tar', 'rebuild --all-tickers',
      'verify --deep --repair', 'schedule --systemd --install', 'move-archive elsewhere',
    ]; // biome-ignore format: a list
    for (const verb of runs) {
      const ended = await work.verb(verb, { within, cwd: work.root, env });
      expect([0, 3], `${verb}: ${ended.stderr}`).toContain(ended.code);
    }
    expect(existsSync(path.join(work.root, 'home/.config/systemd/user'))).toBe(true);
    const open = readdirSync(work.root, { withFileTypes: true, recursive: true })
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => (lstatSync(file).mode & 0o022) !== 0);
    t.tried(runs.length);
    expect(open).toEqual([]);
  });

  it('an export and a backup follow no link that waits under their temporary name', {
    timeout: 120_000,
  }, async () => {
    const work = await Workdir.make(await market());
    expect((await work.populate('--start 2024-06-12 --end 2024-06-12 --tickers AAPL')).code).toBe(0);
    const victim = await work.write('../victim', 'mine');
    // The shell's pid is the command's, so the name can be known before.
    for (const [verb, name] of [
      ['export AAPL -o', 'out.csv'],
      ['backup', 'b.tar'],
    ] as const) {
      const script = `ln -s "${victim}" "${work.root}/${name}.$$.barloom-tmp"; exec "$@"`;
      const ended = await work.verb(`${verb} ${name}`, {
        within: ['sh', '-c', script, 'sh'],
        cwd: work.root,
      });
      t.injected();
      await t.attempt(verb, () => {
        expect(ended.code, ended.stderr).toBe(0);
        expect(readFileSync(victim, 'utf8')).toBe('mine');
        expect(lstatSync(path.join(work.root, name)).isFile()).toBe(true);
      });
    }
  });
});
