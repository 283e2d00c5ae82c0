/** What is to be matched is not there, or cannot be used. Exit 2. */
export class MatchInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MatchInputError';
  }
}
