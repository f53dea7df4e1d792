/** docs/adr/README.md, from the titles of the pages beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../docs/adr');

export function decisionsPage(): string {
  const files = readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.md$/.test(name));
  return `# Decisions

One page for each decision that someone may want to undo later: what forced it, what was decided, what was rejected and why,
what follows, and when to look at it again. Code refers to a page by its number, as in \`ADR-0001\`. A page is never rewritten
into another decision: a new one says which it replaces.

${files
  .toSorted()
  .map((file) => `- [${file.slice(0, 4)}](${file}) ${titleOf(file)}`)
  .join('\n')}
`;
}

/** The heading without its number, however that is written. */
function titleOf(file: string): string {
  const [heading = ''] = readFileSync(join(FOLDER, file), 'utf8').split('\n');
  const title = heading.replace(/^#\s*(ADR-)?\d{4}\W*/, '');
  return title.charAt(0).toUpperCase() + title.slice(1);
}
