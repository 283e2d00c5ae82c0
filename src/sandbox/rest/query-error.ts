/** A parameter that the vendor answers with 400. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}
