/** How a list of 2.0 says that there is more. */

/**
 * The member is there only when another page follows: users of the Java SDK page while the token is not null, those of Go
 * while the pointer is not nil, and the Python SDK's tests of on-demand and provision configurations assert that the last
 * page has none. Two lists end with an empty one: that of asynchronous configurations, as that SDK's test of it asserts, and
 * that of tasks, whose documented page has the member, as the documented last page of 3.0 has.
 */
export function nextPage(nextToken: string): { readonly nextToken?: string } {
  return nextToken === '' ? {} : { nextToken };
}
