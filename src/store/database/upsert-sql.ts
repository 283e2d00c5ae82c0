/** What happens to a row whose key is there already. */
import { identifier } from '#store/lake/duckdb.js';
import type { InsertWay } from './port.js';
import { type Column, KEY } from './table-shape.js';

/** What follows an INSERT; '' where the key is not looked at. A row that is the same already is not written. */
export function onConflict(table: string, columns: readonly Column[], way: InsertWay): string {
  if (way === 'plain') return '';
  const conflict = ` ON CONFLICT (${KEY.join(', ')}) DO`;
  if (way === 'keep') return `${conflict} NOTHING`;
  const rest = columns
    .filter(({ name }) => !KEY.some((key) => key === name))
    .map(({ name }) => identifier(name));
  const set = rest.map((name) => `${name} = excluded.${name}`).join(', ');
  const differs = rest.map((name) => `${identifier(table)}.${name} IS DISTINCT FROM excluded.${name}`);
  return `${conflict} UPDATE SET ${set} WHERE ${differs.join(' OR ')}`;
}
