/**
 * JSON.parse makes doubles of numbers, and of exact amounts that is not wanted. Numbers of these columns are
 * put into quotes first. Within a text of JSON a quote is always escaped, so that `"cash_amount":` can be
 * nothing but the name of a member.
 */
import type { TableType } from '#market/tables/table-type.js';

/** Undefined where the type has no exact column. */
export function exactNumbers({ fields }: Pick<TableType, 'fields'>): ((json: string) => string) | undefined {
  const names = fields.filter(({ kind }) => kind === 'decimal').map(({ name }) => name);
  if (names.length === 0) return undefined;
  const number = new RegExp(`"(${names.join('|')})"(\\s*:\\s*)(-?\\d[\\d.eE+-]*)`, 'g');
  return (json) => json.replace(number, '"$1"$2"$3"');
}
