/** Writes a run into the documentation: the figures as JSON, the tables, and the plot. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contendersAsMarkdown, resultsAsMarkdown } from './markdown.ts';
import { plot } from './plot.ts';
import type { Results } from './results.ts';

const PAGE = join(import.meta.dirname, '../../docs/benchmarks');
const BEGIN = '<!-- figures: written by `npm run bench -- --publish`, from benchmarks.json -->';
const END = '<!-- end of figures -->';

/** The names of all that may be measured, as the report has them. */
export interface Order {
  readonly works: readonly string[];
  readonly contenders: readonly string[];
}

export async function publish(results: Results, order: Order): Promise<void> {
  const published = merged(await readPublished(), results, order);
  const page = await readFile(`${PAGE}.md`, 'utf8');
  await writeFile(`${PAGE}.json`, `${JSON.stringify(published, null, 2)}\n`);
  await writeFile(`${PAGE}.svg`, plot(published));
  await writeFile(`${PAGE}.md`, withFigures(page, published));
}

/** The page with its generated part made anew; the rest is written by hand. */
export function withFigures(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/benchmarks.md has lost its marks: ${BEGIN} … ${END}`);
  const picture = '![Bars of the most telling cases](benchmarks.svg)';
  const figures = `## Figures\n\n${picture}\n\n${resultsAsMarkdown(results)}\n\n## Contenders\n\n${contendersAsMarkdown(results.contenders)}`;
  return `${page.slice(0, begin)}${BEGIN}\n\n${figures}\n\n${page.slice(end)}`;
}

/**
 * New figures replace old ones of the same work. Old ones stay only when they are of the same machine and the same
 * versions, so that what stands side by side may be compared.
 */
export function merged(old: Results | undefined, fresh: Results, order: Order): Results {
  const sameMachine = old !== undefined && JSON.stringify(old.machine) === JSON.stringify(fresh.machine);
  if (!sameMachine) return fresh;
  return {
    ...fresh,
    contenders: together(old.contenders, fresh.contenders, order.contenders),
    works: together(old.works, fresh.works, order.works),
  };
}

function together<T extends { readonly name: string }>(
  old: readonly T[],
  fresh: readonly T[],
  order: readonly string[],
) {
  const kept = old.filter(({ name }) => !fresh.some((item) => item.name === name));
  return [...kept, ...fresh].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

async function readPublished(): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(`${PAGE}.json`, 'utf8')) as Results;
  } catch {
    return undefined;
  }
}
