/**
 * What comes by the command line, the environment and the user's lists, and what becomes of the streams:
 * hostile, absent, closed, full.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#cli/command-table.js';
import { filledOnce } from '../../support/filled-once.js';
import { barLine, dayObjects, HEADER, together, Workdir } from '../../support/workdir.js';
import { SEED, sampled, scaled, technique } from '../technique.js';
import { EVIL, expectWellTold } from '../told.js';

const t = technique('hostile words, command line');
const VALUES: readonly string[] = [
  '', '-1', '0', '1e9', '99999999999999999999', '0x10', 'NaN', 'Infinity', 'true', '2024-02-30', '0000-01-01', '9999-12-31',
  '275761-01-01', '2024-06-12..2024-06-03', '2024-06-05..9999-12-31', '__proto__', 'constructor', EVIL, 'a'.repeat(5000), '..', '/',
  '/dev/null', ' ', 'e\u0301', 'CON', '1', 'http://[', 'http://u:p@h/?q', 'a,b,,c', '-', 'X:BTC-*', '[a', '\\',
]; // biome-ignore format: a list
/**
 * What each command needs besides the option that is tried; those that are not here take nothing of interest.
 */
const BASE: Readonly<Record<string, string>> = {
  populate: '--start 2024-06-11 --end 2024-06-12 --tickers AAPL', add: 'BRK.B', remove: 'MSFT', tickers: '--tracked', rebuild: '', status: '',
  gaps: '', backfill: '--dry-run', verify: '', show: 'AAPL', export: 'AAPL', nightly: '', weekly: '', schedule: '', doctor: '',
  prune: '--dry-run', backup: 'b.tar', 'move-archive': 'moved', completion: 'bash',
}; // biome-ignore format: a table

const TEXT = HEADER + ['AAPL', 'BRK.B', 'MSFT'].map((ticker) => barLine(ticker)).join('');
const DAYS = ['2024-06-10', '2024-06-11', '2024-06-12', '2024-06-13'];
const filled = filledOnce('--start 2024-06-10 --end 2024-06-12 --tickers AAPL,MSFT', {
  objects: dayObjects(Object.fromEntries(DAYS.map((day) => [day, TEXT]))),
});

describe('every option with every value', () => {
  it('is taken or refused in a sentence', { timeout: scaled(300_000, 3_600_000) }, async () => {
    const all = COMMANDS.filter(({ name }) => name in BASE).flatMap(({ name, options, operands }) => [
      ...options
        .flatMap(([flags]) => /--([\w-]+) [<[]/.exec(flags)?.[1] ?? [])
        .filter((option) => option !== 'data-dir' && option !== 'on-finish')
        .flatMap((option) =>
          VALUES.map((value) => ({ name, given: `--${option}=${value}`, operand: false })),
        ),
      ...(operands === undefined ? [] : VALUES.map((value) => ({ name, given: value, operand: true }))),
    ]);
    const every = scaled(Math.ceil(all.length / 16), 4);
    const rest = all.filter((_, n) => (n + SEED) % every === 0);
    const worker = async (): Promise<void> => {
      const { work, sandbox } = await filled();
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const { name, given, operand } = next;
        const cwd = path.join(work.root, 'cwd');
        rmSync(cwd, { recursive: true, force: true });
        mkdirSync(cwd);
        const base = (BASE[name] ?? '').split(' ').filter((word) => word !== '' && !operand);
        const asks = name === 'populate' || name === 'doctor' || name === 'nightly' || name === 'weekly';
        const wire = asks && !given.startsWith('--endpoint') ? ['--endpoint', sandbox.endpoint] : [];
        t.injected();
        await t.attempt(`${name} ${given.slice(0, 60)}`, async () => {
          const ended = await work.run([name, ...base, ...wire, '--data-dir', work.data, given], {
            cwd,
            killAfterMs: 60_000,
          });
          expectWellTold(`${name} ${given.slice(0, 60)}`, ended);
        });
        if (!work.has('progress.json')) throw new Error(`${name} ${given}: progress.json is gone`);
      }
    };
    await together([worker(), worker()]);
  });

  it('a command line that is none, with escapes in it', async () => {
    const work = await Workdir.make();
    for (const args of [
      [EVIL],
      [EVIL, '--json'],
      ['status', `--${EVIL}`],
      ['status', EVIL],
      ['__proto__'],
      ['populate', '--start'],
    ]) {
      const ended = await work.run(args, { env: { [`BARLOOM_${EVIL.replace(/=/g, '')}`]: '1' } });
      await t.attempt(args.join(' '), () => {
        expectWellTold(args.join(' '), ended, args.includes('--json'));
        expect(ended.code).toBe(2);
      });
    }
  });
});

describe('the environment', () => {
  const ENVIRONMENTS: readonly Readonly<Record<string, string>>[] = [
    ...['Foo/Bar', 'UTC+25', EVIL, '../../etc/passwd', 'Pacific/Apia', '<-03>3'].map((TZ) => ({ TZ })),
    ...['0', '1', '2', '-5', '99999', 'x'].map((COLUMNS) => ({ COLUMNS, LANG: 'C.UTF-8' })),
    ...['1970-01-01', '1899-01-01', '0001-01-01', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', 'x'].map((BARLOOM_NOW) => ({ BARLOOM_NOW })),
    { LANG: 'C', TERM: 'dumb', NO_COLOR: '1' },
    { HOME: '' },
    { XDG_CONFIG_HOME: EVIL },
    { BARLOOM_ENDPOINT: EVIL, BARLOOM_CONCURRENCY: '1e9', BARLOOM_WORKERS: '-1' },
    { AWS_ACCESS_KEY_ID: `KEY\nX-Evil: 1`, AWS_PROFILE: EVIL, AWS_REGION: EVIL },
    { AWS_SESSION_TOKEN: 'é\u2028' },
    { NODE_DEBUG: 'http' },
  ]; // biome-ignore format: a table

  it('is odd', { timeout: 300_000 }, async () => {
    const { work, sandbox } = await filled();
    for (const [n, env] of sampled([...ENVIRONMENTS.entries()], 9)) {
      const verbs = [
        'status',
        'schedule',
        `doctor --endpoint ${sandbox.endpoint}`,
        `nightly --endpoint ${sandbox.endpoint}`,
        'gaps',
        'show AAPL',
      ];
      for (const verb of scaled(0, 1) === 1 ? verbs : [verbs[n % verbs.length] ?? '']) {
        t.injected();
        const ended = await work.verb(verb, { env, cwd: work.root });
        await t.attempt(`${verb} with ${JSON.stringify(env)}`, () => {
          // Node's own tracing is not ours to silence; that no key stands in it is secrets.test.ts's.
          if (env['NODE_DEBUG'] === undefined) expectWellTold(`${verb} with ${JSON.stringify(env)}`, ended);
          else expect(ended.code).not.toBe(1);
        });
      }
    }
  });
});

describe('lists', () => {
  it('of a million lines, with everything that a line can hold', {
    timeout: scaled(300_000, 3_600_000),
  }, async () => {
    const { work, sandbox } = await filled();
    const odd = [EVIL, 'a/b\\c', '..', 'CON', 'nul.txt', '\0', 'É', 'E\u0301', 'aapl', '__proto__', 'x'.repeat(5000), '"A\nB"', '\u2028', '#c', ',,,', 'MSFT,"a ""b"""']; // biome-ignore format: a list
    const lines = Array.from({ length: scaled(5000, 1_000_000) }, (_, n) => `T${n}`);
    await work.write('stocks.txt', `\ufeff${[...odd, ...lines, 'AAPL'].join('\r\n')}`);
    const verbs = [
      'status',
      `populate --start 2024-06-10 --end 2024-06-13 --endpoint ${sandbox.endpoint}`,
      'gaps --json',
      'tickers --tracked --like AAP*',
      'add --file stocks.txt',
    ];
    for (const verb of sampled(verbs, 2)) {
      t.injected();
      const ended = await work.verb(verb, {
        cwd: work.data,
        killAfterMs: 100_000,
        env: { NODE_OPTIONS: '--max-old-space-size=1024' },
      });
      await t.attempt(verb, () => expectWellTold(verb, ended, verb.includes('--json')));
    }
  });

  it('on the command line, thousands of them', { timeout: 120_000 }, async () => {
    const { work } = await filled();
    const names = Array.from({ length: scaled(3000, 20_000) }, (_, n) => `N${n}`);
    for (const verb of ['add', 'export', 'remove', 'rebuild'].slice(0, scaled(1, 4))) {
      const ended = await work.run([verb, ...names, '--data-dir', work.data]);
      await t.attempt(verb, () => {
        expectWellTold(verb, ended);
        expect(ended.code).toBe(2);
      });
    }
  });
});

describe.skipIf(process.platform !== 'linux')('streams', () => {
  const SHELLS: readonly (readonly [how: string, script: string, codes: readonly number[]])[] = [
    ['nobody reads on', '"$@" | head -c 1 >/dev/null; exit $PIPESTATUS', [0, 2, 3, 6]],
    ['nobody reads stderr', '"$@" 2> >(head -c 1 >/dev/null)', [0, 2, 3]],
    ['stdin closed', '"$@" <&-', [0, 2, 3]],
    ['stderr closed', '"$@" 2>&-', [0, 2, 3]],
    ['all closed', '"$@" <&- >&- 2>&-', [0, 2, 3, 6]],
    ['stdout on a full disk', '"$@" > /dev/full', [6, 2]],
    ['stderr on a full disk', '"$@" 2> /dev/full', [0, 6, 2, 3]],
  ];

  it.each(SHELLS)('%s', { timeout: 240_000 }, async (how, script, codes) => {
    const { work, sandbox } = await filled();
    const verbs = ['--help', 'status', 'status --json', 'tickers --tracked', 'export AAPL', 'gaps', 'completion bash', 'show AAPL', 'schedule', 'verify', 'backup -', `doctor --endpoint ${sandbox.endpoint}`, `nightly --endpoint ${sandbox.endpoint}`]; // biome-ignore format: a list
    const rest = verbs.filter(
      (_, n) => scaled(0, 1) === 1 || n % 6 === SHELLS.findIndex(([name]) => name === how) % 6,
    );
    for (const verb of rest) {
      const args =
        verb === '--help'
          ? [verb]
          : [...verb.split(' '), ...(verb.startsWith('completion') ? [] : ['--data-dir', work.data])];
      const ended = await work.run(args, { within: ['bash', '-c', script, 'bash'], killAfterMs: 60_000 });
      t.injected();
      await t.attempt(`${verb}: ${how}`, () => {
        expect(ended.signal).toBeNull();
        if (!verb.startsWith('backup')) expect(ended.stderr).not.toMatch(/\n\s+at |bug of barloom|EPIPE/);
        expect(codes, `${verb}: ${how}: ${ended.stderr.slice(0, 200)}`).toContain(ended.code);
      });
    }
  });

  it('needs bash', () => expect(spawnSync('bash', ['-c', 'true']).status).toBe(0));
});
