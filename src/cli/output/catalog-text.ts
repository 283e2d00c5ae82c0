/** The datasets for people: a title and what is known of it each. */
import type { CatalogEntry } from '#tasks/catalog/catalog.js';
import { wrapped } from './paragraph.js';
import { bytes, counted } from './quantities.js';

/** `unasked`: why nobody was asked what the keys may read, where nobody was. */
export function catalogText(entries: readonly CatalogEntry[], unasked: string | undefined): string {
  const width = Math.max(...entries.map(({ dataset }) => dataset.length));
  const lines = entries.flatMap((entry) => [
    `${entry.dataset.padEnd(width)}  ${entry.title}`,
    ...wrapped('', [
      `from ${entry.first_day}`,
      `about ${bytes(entry.day_bytes)} a day`,
      `calendar: ${entry.calendar}`,
      ...hereText(entry),
      ...accessText(entry),
    ]),
  ]);
  const note = unasked === undefined ? [] : ['', `What the keys may read was not asked: ${unasked}.`];
  return `${[...lines, ...note].join('\n')}\n`;
}

function hereText({ here }: CatalogEntry): readonly string[] {
  if (here === null) return ['nothing here'];
  return [`here ${here.first} to ${here.last}`, counted(here.days, 'day'), bytes(here.bytes)];
}

function accessText({ access }: CatalogEntry): readonly string[] {
  if (access === null) return [];
  if (access.state === 'not-listed') return ['not listed by the vendor'];
  const what = access.state === 'allowed' ? 'the keys may read it' : 'the keys may not read it';
  return access.newest === null ? [what] : [`${what} (${access.newest.day}: ${bytes(access.newest.size)})`];
}
