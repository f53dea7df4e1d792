/** A mutant's engine or pool. */

/** The object with one method put in the place of its own. */
export function replacing<Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  name: Name,
  method: Whole[Name],
): Whole {
  return new Proxy(whole, {
    get: (target, property) => {
      if (property === name) return method;
      const own: unknown = Reflect.get(target, property, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}
