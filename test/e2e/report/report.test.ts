/** The pages of `barloom report`, in a real browser where there is one. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import { describeWith } from '../../support/others.js';
import type { Workdir } from '../../support/workdir.js';

const filled = filledOnce(
  '--start 2024-04-15 --end 2024-06-12 --tickers AAPL,TRUE',
  { denied: [], missing: [] },
  (work) => work.write('barloom.json', '{"logFile": "barloom.log"}'),
);

async function made(work: Workdir, args: string): Promise<string> {
  const { code, stderr } = await work.verb(`report ${args} -o ${path.join(work.root, 'page.html')}`);
  expect(code, stderr).toBe(0);
  return path.join(work.root, 'page.html');
}

it('is one file without a foreign address, replaced whole; what is hostile in names stays text', async () => {
  const { work } = await filled();
  await work.write('stocks.txt', 'AAPL\n<b>x</b>\n');
  const file = await made(work, '');
  const text = await import('node:fs').then(({ readFileSync }) => readFileSync(file, 'utf8'));
  expect(text).not.toMatch(/(?:src|href)="(?!#)/);
  expect(text).not.toContain('<b>x</b>');
  expect(text).toContain("default-src 'none'");
  expect(statSync(file).size).toBeLessThan(1e6);
  const own = await work.verb(`report -o ${work.at('progress.json')}`);
  expect([own.code, own.stderr]).toEqual([2, expect.stringContaining('progress.json')]);
  const unknown = await work.verb('report APPL');
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('AAPL')]);
});

it('keeps what the last verify found, and shows it with its date; nightly writes it as a step', async () => {
  const { work } = await filled();
  expect((await work.verb('report -o a.html --json')).code).toBe(0);
  await work.verb('verify');
  await work.write('barloom.json', '{"steps": ["populate", "report"]}');
  expect(
    ((await work.run(['nightly', '--data-dir', work.data, '--endpoint', work.endpoint ?? ''])).code ?? 9) % 3,
  ).toBe(0);
  expect(work.read('report.html')).toContain('Verified 2024-06-14: no damage');
});

describeWith('Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  async function opened(file: string, dark = false): Promise<{ page: Page; errors: string[] }> {
    const errors: string[] = [];
    const page = await browser.newPage({ colorScheme: dark ? 'dark' : 'light' });
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => request.url().startsWith('file:') || errors.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, errors };
  }

  it('opens without an error; the calendar’s cells are the states of status and gaps, and say so', async () => {
    const { work } = await filled();
    await work.remove('massive_cache', '2024-05-08.csv.gz');
    const { page, errors } = await opened(await made(work, ''));
    const cells = await page.$$eval('td.day', (found) =>
      found.map((cell) => [
        cell.getAttribute('data-day'),
        cell.getAttribute('data-state'),
        cell.getAttribute('title'),
      ]),
    );
    const [{ days, range }] = JSON.parse((await work.verb('status --json')).stdout).datasets;
    const counted = (state: string): number => cells.filter(([, one]) => one === state).length;
    expect(cells).toHaveLength(days.sessions);
    expect([counted('done'), counted('denied'), counted('missing')]).toEqual([
      days.done,
      days.denied,
      days.missing,
    ]);
    const [{ gaps }] = JSON.parse((await work.verb('gaps --json')).stdout).datasets;
    for (const { start, state } of gaps) expect(cells).toContainEqual([start, state, `${start}: ${state}`]);
    expect(
      cells
        .map(([day]) => day)
        .sort()
        .at(0),
    ).toBe(range.start);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('a ticker’s candles zoom; light and dark differ; it prints; its table is the series', async () => {
    const { work } = await filled();
    const file = await made(work, 'AAPL --months 24');
    const { page, errors } = await opened(file);
    const rows = await page.$$eval('#bars tbody tr', (found) =>
      found.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent).join(',')),
    );
    expect(rows.toReversed()).toEqual(work.series('AAPL').trim().split('\n').slice(1));
    const picture = async (): Promise<string> =>
      (await page.locator('#candles').screenshot()).toString('base64');
    const whole = await picture();
    await page.getByRole('button', { name: '1M' }).click();
    const month = await picture();
    expect(month).not.toBe(whole);
    await page.locator('#candles').hover({ position: { x: 300, y: 150 } });
    await page.mouse.wheel(0, -600);
    await expect.poll(picture).not.toBe(month);
    await expect.poll(() => page.locator('#legend').textContent()).toMatch(/^2024-\d\d-\d\d {2}open /);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    const ground = (one: Page): Promise<string> =>
      one.evaluate('getComputedStyle(document.body).backgroundColor');
    const night = await opened(file, true);
    expect(await ground(night.page)).not.toBe(await ground(page));
    expect([...errors, ...night.errors]).toEqual([]);
  });
});
