/**
 * Measures each piece of work on each contender. Within a case the contenders take turns, each round beginning with
 * another one, so that a machine that slows down slows all of them.
 */
import type { Contender } from '../contender.ts';
import type { Progress } from '../report/progress.ts';
import type { Failure, Figure, WorkResults } from '../report/results.ts';
import { spreadOf } from '../report/statistics.ts';
import type { Scale } from '../scale.ts';
import type { Case, Measurement, Work } from '../work.ts';

export interface Plan {
  readonly works: readonly Work[];
  readonly contenders: readonly Contender[];
  readonly scale: Scale;
}

/** One work after the other. A contender that fails is reported with its reason; the others go on. */
export async function* measureWorks(
  { works, contenders, scale }: Plan,
  progress: Progress,
): AsyncGenerator<WorkResults> {
  for (const work of works) {
    const cases = work.cases(scale);
    const measuredAt = new Date();
    const figures: Figure[] = [];
    const failures: Failure[] = [];
    for (const one of cases) {
      const taking = contenders.filter((contender) => work.isFor?.(contender) ?? true);
      const found = await measureCase(one, taking, {
        rounds: one.rounds ?? scale.rounds,
        say: (text) => progress.say(`${work.name}, ${one.name}, ${text}`),
      });
      figures.push(...found.figures);
      failures.push(...found.failures);
    }
    yield {
      name: work.name,
      title: work.title,
      description: work.description,
      ...(work.layout && { layout: work.layout }),
      measuredAt: measuredAt.toISOString(),
      seconds: Math.round((Date.now() - measuredAt.getTime()) / 1000),
      cases: cases.map(({ name, plotted }) => ({ name, ...(plotted !== undefined && { plotted }) })),
      figures,
      failures,
    };
  }
}

interface Turns {
  readonly rounds: number;
  readonly say: (text: string) => void;
}

async function measureCase(
  one: Case,
  contenders: readonly Contender[],
  { rounds, say }: Turns,
): Promise<{ figures: Figure[]; failures: Failure[] }> {
  const measured = new Map<string, Measurement[]>();
  const failures: Failure[] = [];
  const out = new Set<Contender>();
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of rotated(contenders, round)) {
      if (out.has(contender)) continue;
      say(`round ${round + 1} of ${rounds}: ${contender.title}`);
      try {
        const measurements = await one.measure(contender);
        if (measurements === undefined) out.add(contender);
        else measured.set(contender.name, [...(measured.get(contender.name) ?? []), ...measurements]);
      } catch (error) {
        out.add(contender);
        failures.push({ case: one.name, contender: contender.name, reason: String(error) });
      }
    }
  }
  const figures = contenders.flatMap(({ name }) =>
    figuresOf(measured.get(name) ?? [], { case: one.name, contender: name }),
  );
  return { figures, failures };
}

function figuresOf(
  measurements: readonly Measurement[],
  place: { readonly case: string; readonly contender: string },
): Figure[] {
  const metrics = Map.groupBy(measurements, ({ metric }) => metric);
  return [...metrics].map(([metric, rounds]) => ({
    ...place,
    metric,
    unit: rounds[0]?.unit ?? '/s',
    ...spreadOf(rounds.map(({ value }) => value)),
    rounds: rounds.length,
  }));
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
