import { expect, it } from 'vitest';
import { boundedJson } from '#cli/mcp/bounded-json.js';

it('a short document stays; of a long one lists are cut, the newest days kept, and it says so', () => {
  expect(boundedJson({ a: [1, 2] })).toBe('{"a":[1,2]}');
  const rows = Array.from({ length: 300 }, (_, i) => ({ date: `2024-${i}`, close: i }));
  const names = Array.from({ length: 300 }, (_, i) => `T${i}`);
  const cut = JSON.parse(boundedJson({ of: { rows }, names }, 9000));
  expect(cut.of.rows).toEqual(rows.slice(-200));
  expect(cut.names).toEqual(names.slice(0, 200));
  expect(cut.cut).toEqual(['of.rows: the last 200 of 300', 'names: the first 200 of 300']);
});
