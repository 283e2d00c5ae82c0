/**
 * Usage or configuration: the sentence says what to do. Exit 2. Apart from errors.ts, so that who throws it
 * does not load all kinds.
 */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
