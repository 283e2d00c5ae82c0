/** The options name no range. Exit 2. */
export class RangeOptionsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RangeOptionsError';
  }
}
