/** Makes one thing of each of many, in their order, the next while the last is being used. */

export interface OneAhead<T, U> {
  /** Undefined behind the last. Throws what making it has thrown. */
  next(): Promise<{ readonly of: T; readonly made: U } | undefined>;
  /** Waits for what is on its way. */
  stop(): Promise<void>;
}

export function oneAhead<T, U>(all: Iterable<T>, make: (one: T) => Promise<U>): OneAhead<T, U> {
  const rest = all[Symbol.iterator]();
  let waiting: Promise<{ readonly of: T; readonly made: U }> | undefined;
  const begin = (): void => {
    const { value, done } = rest.next();
    waiting = done === true ? undefined : make(value).then((made) => ({ of: value, made }));
    // Whoever takes it is told; until then nobody is.
    waiting?.catch(() => undefined);
  };
  begin();
  return {
    next: async () => {
      const one = await waiting;
      if (one !== undefined) begin();
      return one;
    },
    stop: async () => {
      await waiting?.catch(() => undefined);
      waiting = undefined;
    },
  };
}
