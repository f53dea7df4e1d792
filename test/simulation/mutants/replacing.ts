/** A mutant's engine. */
import type { Engine } from '../../../src/service/service-context.ts';

/** The engine with one method put in the place of its own. */
export function replacing<Name extends keyof Engine>(engine: Engine, name: Name, method: Engine[Name]): Engine {
  return new Proxy(engine, {
    get: (target, property) => {
      if (property === name) return method;
      const own: unknown = Reflect.get(target, property, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}
