/** Finds the operation of a method and path. A tree, built once: a request walks it without regular expressions. */
import { invariant } from '../../core/invariant.ts';
import type { Operation } from './operation.ts';

export interface Route {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly literals: Map<string, Node>;
  /** One name a place: `/functions/{functionName}` and `/functions/{name}` in one table would be a slip. */
  parameter: { readonly name: string; readonly node: Node } | null;
  readonly operations: Map<string, Operation>;
}

export class Router {
  readonly #root = newNode();

  /** @param prefix segments that stand before every path of the table, `/2023-03-30`; empty for none */
  constructor(operations: readonly Operation[], prefix = '') {
    for (const operation of operations) this.#add(operation, prefix);
  }

  /** @param segments of the whole path, decoded */
  find(method: string, segments: readonly string[]): Route | undefined {
    const parameters: Record<string, string> = {};
    let node = this.#root;
    for (const segment of segments) {
      const literal = node.literals.get(segment);
      if (literal !== undefined) {
        node = literal;
      } else if (node.parameter !== null && segment !== '') {
        parameters[node.parameter.name] = segment;
        node = node.parameter.node;
      } else {
        return undefined;
      }
    }
    const operation = node.operations.get(method);
    return operation === undefined ? undefined : { operation, parameters };
  }

  #add(operation: Operation, prefix: string): void {
    let node = this.#root;
    for (const segment of `${prefix}${operation.path}`.slice(1).split('/')) node = child(node, segment);
    invariant(!node.operations.has(operation.method), `${operation.name} has a path and method of its own`);
    node.operations.set(operation.method, operation);
  }
}

function child(node: Node, segment: string): Node {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  if (name !== undefined) {
    node.parameter ??= { name, node: newNode() };
    invariant(node.parameter.name === name, `{${name}} and {${node.parameter.name}} name one place`);
    return node.parameter.node;
  }
  const next = node.literals.get(segment) ?? newNode();
  node.literals.set(segment, next);
  return next;
}

function newNode(): Node {
  return { literals: new Map(), parameter: null, operations: new Map() };
}
