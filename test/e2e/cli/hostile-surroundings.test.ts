/** Surroundings that others made: each is told in a sentence, and nothing is done in the wrong place. */
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';

const filled = filledOnce('--start 2024-06-03 --end 2024-06-13 --tickers AAPL', { tickers: 20 });
const LINUX = process.platform === 'linux';
/** Linux takes any bytes for a name. */
const ODD_NAME = "$(printf 'caf\\351')";

describe.runIf(LINUX)('where it is called', () => {
  it.each([
    ['a folder that is gone', 'mkdir g && cd g && rmdir ../g && exec "$@"', /has been removed/],
    ['a folder whose name is not UTF-8', `mkdir "${ODD_NAME}" && cd "${ODD_NAME}" && exec "$@"`, /not UTF-8/],
    ['a name that is not UTF-8', `exec "$@" --data-dir "${ODD_NAME}"`, /Not UTF-8/],
  ])('%s: refused, and none of nearly the same name is made', async (_, script, told) => {
    const { work } = await filled();
    const { code, stderr } = await work.run(['populate', '--days', '2', '--tickers', 'AAPL'], {
      within: ['sh', '-c', script, 'sh'],
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(told)]);
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(1);
  });

  it('no HOME, and no entry for the user: commands that need none run', async () => {
    const { work } = await filled();
    const within = ['env', '-u', 'HOME', 'setpriv', '--reuid=54321', '--clear-groups'];
    chmodSync(work.root, 0o755);
    const { code, stdout, stderr } = await work.verb('status', { within });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('stocks_daily');
  });
});

it.each(['progress.json', 'accepted.json', 'barloom.json'])(
  '%s with lists in lists without end is told by name, never as a bug',
  async (name) => {
    const { work } = await filled();
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const hidden: Readonly<Record<string, string>> = {
      'progress.json': `{"schema_version":${deep},"source":null,"datasets":{}}`,
      'accepted.json': `{"schema_version":1,"accepted":[],"more":${deep}}`,
      'barloom.json': `{"concurrency":${deep}}`,
    };
    for (const content of [deep, hidden[name] ?? '']) {
      await work.write(name, content);
      const { code, stderr } = await work.populate('--start 2024-06-12 --end 2024-06-13');
      expect(stderr).toContain(name);
      expect(stderr).not.toContain('bug');
      // Progress is learnt again from the folders; what people wrote is theirs to mend.
      expect(code).toBe(name === 'progress.json' ? 0 : 2);
    }
  },
);

it.runIf(process.platform !== 'win32')(
  'a barloom.json that everybody may write runs no command and names no log, and says so',
  async () => {
    const { work } = await filled();
    const [ran, log] = [path.join(work.root, 'ran'), path.join(work.root, 'log')];
    const file = await work.write('barloom.json', JSON.stringify({ onFinish: `touch ${ran}`, logFile: log }));
    const where = work.endpoint === undefined ? '' : `--endpoint ${work.endpoint}`;
    chmodSync(file, 0o666);
    const refused = await work.verb(`nightly ${where}`);
    expect(refused.code).toBe(0);
    expect(refused.stderr).toMatch(
      /onFinish, logFile not followed, since everybody may write .*barloom.json/,
    );
    const names = () => Object.keys(work.everything());
    expect(names()).toContain('barloom.log');
    expect([ran, log].map((name) => readable(name))).toEqual([false, false]);
    chmodSync(file, 0o644);
    expect((await work.verb(`nightly ${where}`)).stderr).toBe('');
    expect([ran, log].map((name) => readable(name))).toEqual([true, true]);
  },
);

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

describe('memory that gives out', () => {
  const hook = `data:text/javascript,${encodeURIComponent(`
    function thrown() { throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance'); };
    globalThis.WebAssembly = { ...globalThis.WebAssembly, Module: WebAssembly.Module, Instance: thrown };
  `)}`;

  it('is told as that by verify and populate, and not as damage: no file is set aside', async () => {
    const { work } = await filled();
    const before = work.everything();
    const env = { NODE_OPTIONS: `--import=${hook}` };
    for (const args of ['verify --deep --workers 2', 'verify --deep --repair --workers 2']) {
      const { code, stdout, stderr } = await work.verb(args, { env });
      expect([code, stderr]).toEqual([6, expect.stringContaining('memory ran out')]);
      expect(stdout).not.toContain('damage');
    }
    expect(work.everything()).toEqual(before);
    const fetched = await work.populate('--start 2024-05-20 --end 2024-05-31', { env });
    expect([fetched.code, fetched.stderr]).toEqual([6, expect.stringContaining('memory ran out')]);
  });
});
