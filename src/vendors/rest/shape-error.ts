/** The vendor's answer is not of the shape that its documents give: told by type and field, and not stored. */
export class ShapeError extends Error {
  constructor(type: string, what: string) {
    super(`${type}: ${what}`);
    this.name = 'ShapeError';
  }
}
