/** Columns of one kind, from their names. */
import type { Field, FieldKind } from './table-type.js';

/** Of names with spaces between. */
export function columns(kind: FieldKind, names: string): readonly Field[] {
  return names
    .split(/\s+/)
    .filter(Boolean)
    .map((name) => ({ name, kind }));
}

export function required(kind: FieldKind, name: string): Field {
  return { name, kind, required: true };
}
