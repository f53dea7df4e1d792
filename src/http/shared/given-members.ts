/** A body's members that were given. Absent ones must stay absent: one that is there, undefined or not, replaces what was. */
type Given<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

export function givenOf<Members extends object>(members: Members): Given<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<Members>;
}
