/** A bucket that this barloom cannot work with: another format, or nothing of barloom's. Exit 2. */
export class BucketError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BucketError';
  }
}
