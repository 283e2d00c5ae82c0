/** What ended a run before its end. */
export interface Failure {
  readonly error: unknown;
  /** What was being done. */
  readonly while?: string;
}
