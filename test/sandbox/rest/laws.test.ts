/** Laws of numbers, pages and limits, for any that there may be. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOf, placeOf } from '#sandbox/rest/cursor.js';
import { listOf } from '#sandbox/rest/find.js';
import { withExponent } from '#sandbox/rest/json-number.js';
import { type Page, pageOf } from '#sandbox/rest/page.js';
import { createRateGate } from '#sandbox/rest/rate-gate.js';
import type { Table } from '#sandbox/rest/table.js';

test('a number with an exponent is the same number', () => {
  const round = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 12 }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer(),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        round.map(([digits, zeros]) => digits * 10 ** zeros),
      ),
      (value) => {
        expect(Number(withExponent(value)) === value).toBe(true);
      },
    ),
  );
  expect([2.51e8, 2e6, -1.5e9, 251_000_001, 999, 0, 1.5].map(withExponent)).toEqual([
    ...['2.51e+08', '2e+06', '-1.5e+09', '251000001', '999', '0', '1.5'],
  ]);
});

interface Item {
  readonly name: string;
  readonly day: number | undefined;
  readonly size: number;
}

function tableOf(items: readonly Item[]): Table<Item> {
  return {
    generation: 'v1',
    columns: {
      name: { kind: 'text', of: (item) => item.name },
      day: { kind: 'day', of: (item) => item.day },
      size: { kind: 'number', of: (item) => item.size },
    },
    windowColumn: 'day',
    sort: [],
    limit: { usual: 10, most: 1000 },
    rows: ({ window }) =>
      items.filter(({ day }) => day === undefined || (day >= window.from && day <= window.to)),
    json: (item) => JSON.stringify(item),
  };
}

const anyItem = fc.record({
  name: fc.constantFrom('A', 'B', 'a', 'BRK.B'),
  day: fc.option(fc.integer({ min: 19_000, max: 19_020 }), { nil: undefined }),
  size: fc.integer({ min: 0, max: 5 }),
});

/** Every page, by its cursor. */
function pagesOf(list: ReturnType<typeof listOf<Item>>, query: string): readonly Page[] {
  const pages: Page[] = [];
  for (let parameters: URLSearchParams | undefined = new URLSearchParams(query); parameters !== undefined; ) {
    const page = pageOf(list, placeOf(parameters));
    pages.push(page);
    parameters = page.next === undefined ? undefined : new URLSearchParams({ cursor: cursorOf(page.next) });
  }
  return pages;
}

test('the pages of a list, whatever their size, are its rows: each once, in their order', () => {
  fc.assert(
    fc.property(
      fc.array(anyItem, { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      (items, limit, down) => {
        const list = listOf(tableOf(items), () => 0);
        const query = `size.gte=1&size.lt=5&name.any_of=A,a,BRK.B&sort=day.${down ? 'desc' : 'asc'},size.asc`;
        const pages = pagesOf(list, `${query}&limit=${limit}`);
        const rows = pages.flatMap((page) => page.rows.map((text): Item => JSON.parse(text)));
        const wanted = items.filter(({ name, size }) => size >= 1 && size < 5 && name !== 'B');
        expect(rows.map((row) => JSON.stringify(row)).sort()).toEqual(
          wanted.map((row) => JSON.stringify(row)).sort(),
        );
        const days = rows.map(({ day }) => day ?? (down ? -1 : Infinity));
        expect(days).toEqual([...days].sort((a, b) => (down ? b - a : a - b)));
        expect(pages.every((page) => page.rows.length <= limit)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('a range of days finds what lies in it, and nothing without a day', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 40 }), (items) => {
      const list = listOf(tableOf(items), () => 0);
      const found = list.find(new URLSearchParams('day.gt=2022-01-10&day.lte=2022-01-14&limit=1000'));
      expect(found.count).toBe(
        items.filter(({ day }) => day !== undefined && day > 19_002 && day <= 19_006).length,
      );
    }),
    { numRuns: 60 },
  );
});

test('in no stretch of a minute do more pass than the plan has, and who keeps to it is never refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      (gaps, requests) => {
        const gate = createRateGate({ requests });
        const passed: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          if (gate(now) === undefined) passed.push(now);
        }
        for (const time of passed)
          expect(passed.filter((other) => other > time - 60_000 && other <= time).length).toBeLessThanOrEqual(
            requests,
          );
      },
    ),
  );
  const gate = createRateGate({ requests: 5 });
  for (let turn = 0; turn < 40; turn++) expect(gate(turn * 12_000)).toBeUndefined();
});

test('a refusal says how long to wait: that, and no less, helps', () => {
  const gate = createRateGate({ requests: 2 });
  expect([gate(0), gate(1000)]).toEqual([undefined, undefined]);
  const wait = gate(2000);
  expect(wait).toBe(59_000);
  expect(gate(2000 + (wait ?? 0))).toBeUndefined();
});
