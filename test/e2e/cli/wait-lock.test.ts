/** --wait-lock: a command waits for the run that holds the lock, and the waiting can be ended. */
import { expect, it } from 'vitest';
import { acquireLock } from '#platform/lock/lock.js';
import { filledOnce } from '../../support/filled-once.js';

const filled = filledOnce('--start 2024-06-03 --end 2024-06-04 --tickers AAPL');

it('waits until the lock is free, then does what was asked for; each command that locks says who holds it', async () => {
  const { work } = await filled();
  const lock = await acquireLock({ folder: work.data, command: 'populate', now: new Date() });
  let isFree = false;
  const ended = await work.verb('add MSFT --wait-lock', {
    onStderr: (stderr) => {
      if (isFree || !stderr.includes('Waiting for it.')) return;
      isFree = true;
      void lock.release();
    },
  });
  expect([ended.code, ended.stderr.match(/in use by barloom populate.*Waiting for it\./g)?.length]).toEqual([
    0, 1,
  ]);
  expect(work.has('data_cache', 'MSFT_1d_data.csv')).toBe(true);
});

it('leaves with 11 once so many seconds are over, and with 2 for what is no number', async () => {
  const { work } = await filled();
  const lock = await acquireLock({ folder: work.data, command: 'populate', now: new Date() });
  const begun = performance.now();
  const late = await work.verb('verify --repair --wait-lock 0.5');
  expect([late.code, performance.now() - begun > 500]).toEqual([11, true]);
  const wrong = await work.verb('add --wait-lock MSFT');
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('--wait-lock MSFT is not a number'),
  ]);
  await lock.release();
});

it.each(['rebuild', 'remove AAPL', 'backup x.tar', 'prune --keep-days 1 --yes'])(
  'Ctrl-C ends the waiting of %s with 130, and nothing has changed',
  async (verb) => {
    const { work } = await filled();
    const lock = await acquireLock({ folder: work.data, command: 'populate', now: new Date() });
    const before = work.tiers();
    let isStopped = false;
    const { code, signal } = await work.verb(`${verb} --wait-lock`, {
      onStderr: (stderr, child) => {
        if (isStopped || !stderr.includes('Waiting for it.')) return;
        isStopped = true;
        child.kill('SIGINT');
      },
    });
    expect([code, signal]).toEqual([130, null]);
    expect(work.tiers()).toEqual(before);
    await lock.release();
  },
);
