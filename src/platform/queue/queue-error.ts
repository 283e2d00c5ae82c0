/** What is amiss with a queue, as one class with a kind that the exit code follows from. */

/**
 * `usage`: the package is lacking, or settings that can never work; `refused`: a wrong password, or a user that
 * may not; `gone`: no connection.
 */
export type QueueTrouble = 'usage' | 'refused' | 'gone';

export class QueueError extends Error {
  readonly trouble: QueueTrouble;

  /** `message`: a sentence for people, in which no password can stand. */
  constructor(trouble: QueueTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'QueueError';
    this.trouble = trouble;
  }
}
