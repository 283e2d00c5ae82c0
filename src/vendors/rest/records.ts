/**
 * A record of the vendor's, checked against its type's columns, and made a row. A column that is absent or null
 * is null and never 0; what no column knows is kept as `extra`.
 */
import * as v from 'valibot';
import type { Field, FieldKind, TableType } from '#market/tables/table-type.js';
import { ShapeError } from './shape-error.js';

/** Columns to values, as JSON has them. */
export type Row = Readonly<Record<string, unknown>>;

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:$|T)/;
const INSTANT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** Twenty digits before the point are what the column holds. */
const DECIMAL = /^-?\d{1,20}(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/;

const KINDS: Readonly<Record<FieldKind, v.GenericSchema>> = {
  text: v.string(),
  number: v.number(),
  // Numbers of these were put into quotes before they were parsed; text that the vendor sends is as good.
  decimal: v.pipe(v.string(), v.regex(DECIMAL)),
  integer: v.pipe(v.number(), v.integer()),
  // The days of IPOs are integers in the vendor's document and texts in its samples.
  date: v.union([v.pipe(v.string(), v.regex(DAY)), v.literal(''), v.pipe(v.number(), v.integer())]),
  instant: v.union([v.pipe(v.string(), v.regex(INSTANT)), v.literal('')]),
  boolean: v.boolean(),
  texts: v.array(v.string()),
  json: v.union([v.array(v.unknown()), v.looseObject({})]),
};

export interface RecordReader {
  /** Throws ShapeError with the field. */
  row(record: unknown): Row;
  /** Fields that came and that no column knows, with how many records had them. */
  readonly unknown: ReadonlyMap<string, number>;
}

export function recordReader({ name: type, fields }: TableType): RecordReader {
  const direct = fields.filter(({ from }) => from === undefined);
  const nested = fields.filter(({ from }) => from !== undefined);
  const outer = new Set(nested.map(({ from }) => from?.split('.')[0] ?? ''));
  const schema = v.object(Object.fromEntries(direct.map((field) => [field.name, schemaOf(field)])));
  const kinds = new Map(direct.map(({ name, kind }) => [name, kind]));
  const unknown = new Map<string, number>();
  const inner = nested.map((field) => ({ field, schema: schemaOf(field) }));
  const fail = (field: string, issue: v.BaseIssue<unknown> | undefined): never => {
    const wanted = kinds.get(field.split('.')[0] ?? '') ?? 'another shape';
    throw new ShapeError(type, `${field} is ${received(issue)} where ${wanted} is documented`);
  };
  return {
    unknown,
    row: (record) => {
      const parsed = v.safeParse(schema, record, { abortEarly: true });
      if (!parsed.success) return fail(v.getDotPath(parsed.issues[0]) ?? 'a record', parsed.issues[0]);
      // Nearly all are rows as they came, and are not copied.
      if (nested.length === 0 && isRow(record as Row, kinds)) return record as Row;
      const row: Record<string, unknown> = {};
      let extra: Record<string, unknown> | undefined;
      for (const [name, value] of Object.entries(record as Record<string, unknown>)) {
        const kind = kinds.get(name);
        if (kind !== undefined) row[name] = kind === 'date' || kind === 'instant' ? dayOf(value) : value;
        else if (!outer.has(name)) {
          unknown.set(name, (unknown.get(name) ?? 0) + 1);
          extra = { ...extra, [name]: value };
        }
      }
      for (const { field, schema: one } of inner) {
        const value = follow(record, field.from ?? field.name);
        const found = v.safeParse(one, value, { abortEarly: true });
        if (!found.success) fail(field.from ?? field.name, found.issues[0]);
        row[field.name] = value;
      }
      if (extra !== undefined) row['extra'] = extra;
      return row;
    },
  };
}

/** Whether every field is a column's, with a value that needs no other form. */
function isRow(record: Row, kinds: ReadonlyMap<string, FieldKind>): boolean {
  for (const name in record) {
    const kind = kinds.get(name);
    if (kind === undefined) return false;
    const value = record[name];
    if ((kind === 'date' || kind === 'instant') && (value === '' || typeof value === 'number')) return false;
  }
  return true;
}

function schemaOf({ kind, required }: Field): v.GenericSchema {
  return required === true ? KINDS[kind] : v.nullish(KINDS[kind]);
}

function received(issue: v.BaseIssue<unknown> | undefined): string {
  if (issue === undefined) return 'absent';
  return issue.received === 'undefined' ? 'absent' : issue.received.slice(0, 60);
}

/** 20250728 as a day; an empty text is none. */
function dayOf(value: unknown): unknown {
  if (value === '') return null;
  if (typeof value !== 'number') return value;
  const digits = String(value).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

function follow(record: unknown, way: string): unknown {
  return way
    .split('.')
    .reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
      record,
    );
}
