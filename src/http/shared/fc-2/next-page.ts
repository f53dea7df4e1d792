/** How a list of 2.0 says that there is more. */

/**
 * The member is there only when another page follows: users of the Java SDK page while the token is not null, those of Go
 * while the pointer is not nil, and the Python SDK's tests of on-demand and provision configurations assert that the last
 * page has none. Only the list of asynchronous configurations ends with an empty one, as that SDK's test of it asserts.
 */
export function nextPage(nextToken: string): { readonly nextToken?: string } {
  return nextToken === '' ? {} : { nextToken };
}
