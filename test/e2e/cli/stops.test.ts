/**
 * What ends a command early is told as what it is: a signal is no bug, and a wrong command line has its
 * document.
 */
import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import { type Ended, market, Workdir } from '../../support/workdir.js';

/**
 * Series of several slices: when the first ones are written, there is more to come that a signal can stop.
 */
const filled = filledOnce('--months 6 --tickers AAPL', { tickers: 3000 });

function temporaries(work: Workdir): readonly string[] {
  const folder = work.at('data_cache');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('tmp')) : [];
}

/** The signal comes once the command has begun to write series. */
function stopped(work: Workdir, command: string, signal: NodeJS.Signals): Promise<Ended> {
  return work.verb(command, {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (temporaries(work).length === 0) return;
        clearInterval(timer);
        child.kill(signal);
      }, 2);
      child.on('close', () => clearInterval(timer));
    },
  });
}

it.each(['SIGINT', 'SIGTERM'] as const)('rebuild, add: %s is a clean stop', async (signal) => {
  const wanted = signal === 'SIGINT' ? 130 : 143;
  const all = (await (await filled()).work.verb('tickers')).stdout;
  for (const command of ['rebuild --all-tickers --workers 1', 'add --file all.txt --workers 1']) {
    const { work } = await filled();
    const file = await work.write('all.txt', all);
    const ended = await stopped(work, `${command.replace('all.txt', file)} --json`, signal);
    expect(ended, ended.stderr).toMatchObject({ code: wanted, signal: null });
    expect(JSON.parse(ended.stdout)).toMatchObject({ exit_code: wanted });
    expect(ended.stderr).toContain('again to go on');
    expect((await work.verb('rebuild --all-tickers')).code).toBe(0);
    expect(temporaries(work)).toEqual([]);
  }
});

it.each(['SIGINT', 'SIGTERM'] as const)('rebuild, add: %s is met at any instant', async (signal) => {
  const wanted = signal === 'SIGINT' ? 130 : 143;
  const { work } = await filled();
  const file = await work.write('all.txt', (await work.verb('tickers')).stdout);
  for (const command of ['rebuild --all-tickers --workers 1', `add --file ${file} --workers 1`]) {
    // It has ended as it should, or it had nothing left to stop.
    const codes = new Set<number | null>();
    for (let ms = 60; ms < 900 && !codes.has(wanted); ms += 40) {
      const ended = await work.verb(`${command} --json`, {
        onStart: (child) => void setTimeout(() => child.kill(signal), ms),
      });
      // Before the program listens for it, a signal ends it as it ends any other.
      if (ended.signal !== null) continue;
      codes.add(ended.code);
      expect([0, wanted], ended.stderr).toContain(ended.code);
      expect(JSON.parse(ended.stdout)).toMatchObject({ exit_code: ended.code });
      if (ended.code === wanted) expect(ended.stderr).toContain('again to go on');
    }
    expect(codes).toContain(wanted);
  }
  expect((await work.verb('rebuild --all-tickers')).code).toBe(0);
  expect(temporaries(work)).toEqual([]);
});

it('a killed rebuild leaves nothing behind once something else has run', async () => {
  const { work } = await filled();
  // Between two batches there are none for a moment.
  for (let tries = 0; tries < 10 && temporaries(work).length === 0; tries++)
    await stopped(work, 'rebuild --all-tickers', 'SIGKILL');
  expect(temporaries(work).length).toBeGreaterThan(0);
  expect((await work.verb('add BRK.B')).code).toBe(0);
  expect(temporaries(work)).toEqual([]);
});

it.each(['gaps --bogus', 'show', 'status x', 'doctor extra'])(
  '%s --json: a document all the same',
  async (args) => {
    const work = await Workdir.make();
    const { code, stdout } = await work.verb(`${args} --json`);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      command: args.split(' ')[0],
      exit_code: 2,
      error: { message: expect.any(String) },
    });
  },
);

it('nothing is written over the files that the folder lives by', async () => {
  const work = await Workdir.make(await market());
  await work.write('stocks.txt', 'AAPL\n');
  expect((await work.populate('--days 5')).code).toBe(0);
  const before = work.everything();
  for (const name of [
    'stocks.txt',
    'progress.json',
    'data_cache/AAPL_1d_data.csv',
    'massive_cache/.toc/2024-06',
  ]) {
    for (const command of [`export AAPL -o ${work.at(name)}`, `backup ${work.at(name)} --yes`]) {
      const { code, stderr } = await work.verb(command);
      expect(code, `${command}: ${stderr}`).toBe(2);
    }
  }
  expect(work.everything()).toEqual(before);
});

it('a damaged day is no bug', async () => {
  const work = await Workdir.make(await market());
  expect((await work.populate('--days 7 --tickers AAPL')).code).toBe(0);
  const days = readdirSync(work.at('massive_cache')).filter((name) => name.endsWith('.gz'));
  const newest = days.at(-1) ?? '';
  await work.write(`massive_cache/${newest}`, '');
  const { code, stderr } = await work.verb(`tickers --on ${newest.slice(0, 10)}`);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^barloom: the archive is damaged \(\d{4}-\d\d-\d\d: .*verify --repair/);
  // Without a day it is the newest that can be read.
  expect((await work.verb('tickers --like AAPL')).stdout).toBe('AAPL\n');
});

it('rebuild of what nobody knows is a slip', async () => {
  const work = await Workdir.make(await market());
  expect((await work.populate('--days 5 --tickers AAPL')).code).toBe(0);
  const { code, stdout } = await work.verb('rebuild AAPL nvda');
  expect(code).toBe(2);
  expect(stdout).toContain('Did you mean NVDA');
  const record = work.times()['progress.json'];
  expect((await work.verb('rebuild')).code).toBe(0);
  expect(work.times()['progress.json']).toBe(record);
});
