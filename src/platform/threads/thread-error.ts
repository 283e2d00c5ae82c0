/**
 * Errors on their way between threads, where they lose their class and their own fields: described on one
 * side, made again on the other.
 */

export interface DescribedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own fields: code, syscall and path of the system's errors, kind of ours. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Classes by their errors' names, so that `instanceof` holds again. They have no constructor's work to
 * repeat: fields alone.
 */
export type ErrorClasses = Readonly<Record<string, { readonly prototype: Error }>>;

export function describeError(thrown: unknown): DescribedError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const fields = Object.entries(error).filter(([, value]) => CARRIED.includes(typeof value));
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    fields: Object.fromEntries(fields) as DescribedError['fields'],
  };
}

const CARRIED = ['string', 'number', 'boolean'];

/** Of a class that is not among these a plain Error, with the same fields. */
export function reviveError({ name, message, stack, fields }: DescribedError, classes: ErrorClasses): Error {
  const error = Object.assign(new Error(message), fields);
  if (stack !== undefined) error.stack = stack;
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype);
  return error;
}
