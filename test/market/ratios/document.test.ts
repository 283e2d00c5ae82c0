import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ratiosDocument } from '#market/ratios/document.js';

describe('docs/ratios.md', () => {
  it('holds the formulas that are computed, to the letter', () => {
    // When it fails: replace what stands from "## Profitability" on by what ratiosDocument() gives.
    const text = readFileSync(new URL('../../../docs/ratios.md', import.meta.url), 'utf8');
    expect(text.slice(text.indexOf('## Profitability'))).toBe(`${ratiosDocument()}\n`);
  });
});
