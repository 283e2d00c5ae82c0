/**
 * A database that rows are loaded into. SQL is the same for both but for what stands here; texts and names
 * are quoted by the caller.
 */
import type { Column } from './table-shape.js';

export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * `plain`: the key is not looked at, and rows that are there already are an error. `upsert`: they are made
 * what the new ones say. `keep`: they stay.
 */
export type InsertWay = 'plain' | 'upsert' | 'keep';

export interface IndexDefinition {
  readonly name: string;
  /** The statement that makes it again. */
  readonly sql: string;
}

export interface RowSource {
  readonly table: string;
  /** In the order of the fields. */
  readonly columns: readonly Column[];
  /**
   * Whole lines in PostgreSQL's text format: fields with tabs between, `\N` for null, `\\`, `\t`, `\n` and
   * `\r` within.
   */
  readonly lines: AsyncIterable<Uint8Array>;
}

export interface OpenDatabaseOptions {
  readonly access: 'read' | 'write';
  /** The environment: PG* variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  /** Of a small result; whole numbers may be text. */
  rows(sql: string): Promise<readonly SqlRow[]>;
  /** How many rows a statement has changed. */
  run(sql: string): Promise<number>;
  /** All of it or nothing; nobody else's writing comes in between. */
  transaction<T>(body: () => Promise<T>): Promise<T>;
  /**
   * Within a transaction: as if it had not been tried where rows have a key that is there. Other errors are
   * thrown.
   */
  attempt<T>(body: () => Promise<T>): Promise<T | 'doubles'>;
  /** What the database calls the column's type; undefined where it has none and leaves the column out. */
  typeOf(column: Column): string | undefined;
  /** What follows the columns of a CREATE TABLE. */
  readonly tableSuffix: string;
  /** Names and types as they are there; empty where there is no such table. */
  columnsOf(table: string): Promise<ReadonlyMap<string, string>>;
  /** Those of a table that loading is quicker without; a primary key is none of them. */
  indexesOf(table: string): Promise<readonly IndexDefinition[]>;
  /** About how many rows the table has. */
  rowsIn(table: string): Promise<number>;
  /** Returns how many rows are new or changed. Only within a transaction. */
  insert(source: RowSource, way: InsertWay): Promise<number>;
  /** Only one load of a table at a time. Throws DatabaseError (`busy`). */
  claim(table: string): Promise<void>;
  /** What the database wants to be told once much has changed. */
  settle(table: string): Promise<void>;
  close(): Promise<void>;
}
