import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { daily } from '#market/features/daily.js';
import { featuresOf } from '#market/features/formula.js';
import { minute } from '#market/features/minute.js';
import { options } from '#market/features/options.js';

it('each feature stands in the documentation with what it is', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/lake.md'), 'utf8');
  for (const { name, text } of [daily, minute, options].flatMap(featuresOf))
    expect(page).toContain(`| \`${name}\` | ${text} |`);
});
