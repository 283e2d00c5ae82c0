/** Rows as text: what is written comes back, whatever stands in it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pushFields, wholeLines } from '#store/database/text-rows.js';

const written = (field: string | null): string =>
  field === null
    ? '\\N'
    : field.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

const fields = fc.array(
  fc.option(fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', 'a', 'é', '"') })),
  {
    minLength: 1,
    maxLength: 6,
  },
);

it('a row comes back as it was', () => {
  fc.assert(
    fc.property(fields, (row) => {
      const read: (string | null)[] = [];
      pushFields(row.map(written).join('\t'), read);
      expect(read).toEqual(row);
    }),
  );
});

it('lines are put together whatever the parts they come in, characters of several bytes included', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[^\n]{0,8}$/u)),
      fc.integer({ min: 1, max: 7 }),
      async (all, size) => {
        const bytes = Buffer.from(all.map((line) => `${line}\n`).join(''), 'utf8');
        async function* parts(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        let text = '';
        for await (const part of wholeLines(parts())) {
          expect(part.endsWith('\n')).toBe(true);
          text += part;
        }
        expect(text).toBe(bytes.toString('utf8'));
      },
    ),
  );
});
