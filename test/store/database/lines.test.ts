/** Batches of lines: together they are the file, and each but the last has as many as were asked for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLines } from '#store/database/lines.js';

let file = '';
beforeAll(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'barloom-lines-')), 'rows');
});
afterAll(() => rmSync(path.dirname(file), { recursive: true, force: true }));

async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const part of parts) text += Buffer.from(part).toString('utf8');
  return text;
}

it('hands every line out once, so many at a time, behind those that were passed over', async () => {
  const lines = fc.array(fc.stringMatching(/^[^\n]{0,12}$/u), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.integer({ min: 1, max: 9 }),
      fc.nat({ max: 45 }),
      async (all, size, skipped) => {
        writeFileSync(file, all.map((line) => `${line}\n`).join(''));
        const reader = openLines(file);
        expect(await reader.skip(skipped)).toBe(Math.min(skipped, all.length));
        const found: string[] = [];
        while (!(await reader.isAtEnd())) {
          const before = reader.passed;
          const batch = (await textOf(reader.take(size))).split('\n').slice(0, -1);
          expect(batch.length).toBe(Math.min(size, all.length - before));
          expect(reader.passed).toBe(before + batch.length);
          found.push(...batch);
        }
        await reader.close();
        expect(found).toEqual(all.slice(skipped));
      },
    ),
    { numRuns: 60 },
  );
});

it('a line may be longer than what is read at once', async () => {
  const long = 'x'.repeat(3_000_000);
  writeFileSync(file, `a\n${long}\nb\n`);
  const reader = openLines(file);
  expect(await textOf(reader.take(2))).toBe(`a\n${long}\n`);
  expect(await textOf(reader.take(5))).toBe('b\n');
  expect(await reader.isAtEnd()).toBe(true);
  await reader.close();
});
