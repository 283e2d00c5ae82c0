/** The sandbox's endpoint keeps to Alpaca's rules: both ends included, limits, refusals, the plan's rate. */
import { expect, it, onTestFinished } from 'vitest';
import { ALPACA_KEYS, type AlpacaOptions } from '#sandbox/alpaca/options.js';
import { startAlpaca } from '#sandbox/alpaca/start.js';

const NOW = new Date('2026-06-12T17:00:00Z');

interface Page {
  readonly quotes: readonly { readonly t: string; readonly bs: number; readonly as: number }[] | null;
  readonly next_page_token: string | null;
  readonly message?: string;
}

async function sandbox(options: Partial<AlpacaOptions> = {}) {
  const alpaca = await startAlpaca({ now: NOW, quotesADay: 2000, clock: () => 0, ...options });
  onTestFinished(() => alpaca.close());
  const ask = async (query: string, symbol = 'AAPL', secret: string = ALPACA_KEYS.secret) => {
    const headers = { 'APCA-API-KEY-ID': ALPACA_KEYS.id, 'APCA-API-SECRET-KEY': secret };
    const answer = await fetch(`${alpaca.url}/v2/stocks/${symbol}/quotes?${query}`, { headers });
    return { status: answer.status, headers: answer.headers, page: (await answer.json()) as Page };
  };
  /** All pages of a range. */
  const all = async (query: string) => {
    const quotes: NonNullable<Page['quotes']>[number][] = [];
    const counts: number[] = [];
    let token: string | null = null;
    do {
      const next: string = token === null ? '' : `&page_token=${encodeURIComponent(token)}`;
      const { page } = await ask(`${query}${next}`);
      quotes.push(...(page.quotes ?? []));
      counts.push(page.quotes?.length ?? -1);
      token = page.next_page_token;
    } while (token !== null);
    return { quotes, counts };
  };
  return { ask, all };
}

it('a range has both of its ends, to the nanosecond, and pages do not change what it holds', async () => {
  const { all } = await sandbox();
  const { quotes, counts } = await all('start=2024-06-12&end=2024-06-12&limit=50');
  expect(counts.some((count) => count < 50 && count > 0)).toBe(true);
  expect(counts.some((count) => count <= 0)).toBe(true);
  const [from, to] = [quotes[100]?.t ?? '', quotes[200]?.t ?? ''];
  const within = (await all(`start=${from}&end=${to}&limit=7`)).quotes;
  expect(within).toEqual(quotes.filter(({ t }) => stamp(t) <= stamp(to) && stamp(t) >= stamp(from)));
  expect(within.length).toBeGreaterThan(100);
});

/** Sorts as the moment does. */
function stamp(text: string): string {
  const [whole = '', decimals = ''] = text.replace('Z', '').split('.');
  return `${whole}.${decimals.padEnd(9, '0')}`;
}

it('sizes are lots before 2025-11-03 and shares from that day on', async () => {
  const { all } = await sandbox();
  const sizes = async (day: string) =>
    (await all(`start=${day}&end=${day}`)).quotes.flatMap(({ bs, as }) => [bs, as]);
  expect(Math.max(...(await sizes('2025-10-31')))).toBeLessThan(10);
  expect((await sizes('2025-11-03')).filter((size) => size > 0 && size < 100)).toEqual([]);
});

it.each([
  ['limit=10001', 400],
  ['limit=0', 400],
  ['start=soon', 400],
  ['start=2024-06-12&end=2024-06-11', 400],
  ['start=2024-06-12&end=2024-06-12&page_token=bm9uZQ==', 400],
  ['start=2024-06-12&end=2024-06-12&feed=moon', 400],
  ['start=2026-06-12T16:00:00Z&end=2026-06-12T16:59:00Z', 403],
])('%s is refused with %d', async (query, status) => {
  const { ask } = await sandbox();
  const answer = await ask(query);
  expect(answer.status).toBe(status);
  expect(answer.page.message).toMatch(/\w/);
});

it('keys are looked at, and the plan’s rate is told in every answer and held', async () => {
  const { ask } = await sandbox({ requestsAMinute: 2 });
  expect((await ask('', 'AAPL', 'another')).status).toBe(401);
  const first = await ask('start=2024-06-12&end=2024-06-12');
  expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
  const second = await ask('start=2024-06-12&end=2024-06-12');
  expect([second.status, second.headers.get('x-ratelimit-reset')]).toEqual([429, '60']);
});
