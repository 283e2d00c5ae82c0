/** A ticker list that the user named, or keeps, cannot be used. The message says which and what to do. */
export class TickerListError extends Error {
  /** The file as the user named it, or its path; the ticker, where that is what cannot be listed. */
  readonly subject: string;

  constructor(subject: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TickerListError';
    this.subject = subject;
  }
}
