/** remove and tickers. */
import { expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';

const MAY = '--start 2024-05-01 --end 2024-05-31';

const filled = filledOnce(`${MAY} --tickers NVDA,BRK.B,BCpC`, {}, (work) =>
  work.write('stocks.txt', '# mine\nAAPL\n'),
);

it('remove takes tickers out of tracked.txt and out of nothing else', async () => {
  const { work } = await filled();
  await work.write('tracked.txt', '# kept\nNVDA\nBRK.B # class B\nBCpC\n');
  const before = work.tiers();
  const { code, stdout } = await work.verb('remove NVDA,BRK.B');
  expect(code).toBe(0);
  expect(stdout).toContain('2 tickers taken out of tracked.txt');
  expect(work.read('tracked.txt')).toBe('# kept\nBCpC\n');
  expect(work.tiers()).toEqual(before);

  const listed = await work.verb('remove AAPL');
  expect(listed.code).toBe(2);
  expect(listed.stderr).toContain('stocks.txt');
  const unknown = await work.verb('remove BCPC');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('Did you mean BCpC');
  expect(work.read('stocks.txt')).toBe('# mine\nAAPL\n');
});

it('remove deletes a series only when told so, and says what could not be made again', async () => {
  const { work } = await filled();
  await work.write('data_cache/NVDA_1d_data.csv', `${work.series('NVDA')}2024-08-01,1,1,1,1,1\n`);
  const refused = await work.verb('remove NVDA --delete');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('1 row of them is of days that the archive does not hold');
  expect(work.has('data_cache', 'NVDA_1d_data.csv')).toBe(true);
  expect(work.read('tracked.txt')).toContain('NVDA');

  expect((await work.verb('remove NVDA --delete --yes')).code).toBe(0);
  expect(work.has('data_cache', 'NVDA_1d_data.csv')).toBe(false);
  // It comes back whole.
  expect((await work.verb('add NVDA')).code).toBe(0);
  expect(work.series('NVDA').split('\n').length).toBe(24);
});

it('tickers lists the market of a day, and who is tracked by which list', async () => {
  const { work } = await filled();
  const like = await work.verb('tickers --like BRK*');
  expect(like.stdout).toBe('BRK.A\nBRK.B\n');
  expect((await work.verb('tickers --like BC?C')).stdout).toBe('BCPC\nBCpC\n');
  expect((await work.verb('tickers --tracked')).stdout).toBe(
    'AAPL\tstocks.txt\nNVDA\ttracked.txt\nBRK.B\ttracked.txt\nBCpC\ttracked.txt\n',
  );
  const long = await work.verb('tickers -l --tracked');
  expect(long.stdout).toMatch(/^ticker +first +last +rows +tracked in\n/);
  for (const line of long.stdout.trimEnd().split('\n').slice(1))
    expect(line).toMatch(/^\S+ +(2024-\d\d-\d\d +2024-\d\d-\d\d|- +-) +\d+ +\S/);
  const none = await work.verb('tickers --like bc*');
  expect([none.code, none.stdout]).toEqual([0, '']);
  expect(none.stderr).toContain('Case is part of a ticker');
  const lacking = await work.verb('tickers --on 2024-06-03');
  expect(lacking.code).toBe(2);
  expect(lacking.stderr).toContain('22 days from 2024-05-01 to 2024-05-31');
  expect((await work.verb('tickers --on tomorrow')).code).toBe(2);
  // A pattern that would take for ever with a careless translation.
  expect((await work.verb(`tickers --like ${'*A'.repeat(40)}`)).code).toBe(0);
});
