/** What ends a command that uses a database, with the fact that its exit code follows from. */

/**
 * `usage`: a URL, table or setting that can never work. `refused`: who signs on may not, or may not do this.
 * `gone`: no connection, or no more. `full`: no room, or the file cannot be written. `busy`: somebody else is
 * loading. `damaged`: the file is broken. `incomplete`: something that was asked for could not be done.
 */
export type DatabaseTrouble =
  | 'usage'
  | 'refused'
  | 'gone'
  | 'full'
  | 'busy'
  | 'damaged'
  | 'doubles'
  | 'incomplete';

export class DatabaseError extends Error {
  readonly trouble: DatabaseTrouble;

  /** `message`: a sentence for people, in which no password can stand. */
  constructor(trouble: DatabaseTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DatabaseError';
    this.trouble = trouble;
  }
}
