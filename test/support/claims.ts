/** What a list of operations says was sent over the wire, or seen on it: each test file is held to what it claims. */
export interface Claim {
  readonly operation: string;
  readonly kind: 'request' | 'response' | 'error';
  readonly name: string;
}

export interface Claimed {
  readonly operation: string;
  readonly request: readonly string[];
  readonly response: readonly string[];
  readonly errors: readonly string[];
  /** Members that are not built, by their place, with the reason; what lies in them is not claimed either. */
  readonly gaps: Readonly<Record<string, string>>;
}

export function claimsOfOperation({ operation, request, response, errors, gaps }: Claimed): readonly Claim[] {
  const hasGap = (name: string): boolean =>
    Object.keys(gaps).some((gap) => name === gap || name.startsWith(`${gap}.`) || name.startsWith(`${gap}[`));
  const claims = (kind: Claim['kind'], names: readonly string[]): readonly Claim[] =>
    names.filter((name) => !hasGap(name)).map((name) => ({ operation, kind, name }));
  return [
    ...claims('request', request),
    ...claims('response', [...response, 'x-fc-request-id']),
    ...errors.map((name): Claim => ({ operation, kind: 'error', name })),
  ];
}
