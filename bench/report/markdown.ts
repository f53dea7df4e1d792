/** The results as Markdown: for the terminal, and for the page. */
import type { Unit } from '../work.ts';
import type { ContenderEntry, Figure, Results, WorkResults } from './results.ts';

/** What ratios are to: the first of these that was measured. */
const OURS = ['meanwhile-sqlite', 'meanwhile-postgres'];

export function resultsAsMarkdown(results: Results): string {
  const works = results.works.filter(({ figures, failures }) => figures.length + failures.length > 0);
  return [machineLine(results), ...works.map((work) => workAsMarkdown(work, results.contenders))].join('\n\n');
}

export function contendersAsMarkdown(contenders: readonly ContenderEntry[]): string {
  const rows = contenders.map(({ title, version, missing, durability, settings }) => [
    title,
    version ?? `not measured: ${oneLine(missing ?? '')}`,
    durability,
    settings,
  ]);
  return table(['contender', 'version', 'before it acknowledges', 'settings'], rows);
}

function machineLine({ machine, quick }: Results): string {
  const line = `${machine.cores} cores (${machine.cpu}), ${machine.memoryGib} GiB, ${machine.system}, ${machine.fileSystem}, Node ${machine.node}.`;
  return quick ? `${line}\n\n**A quick run: it shows that everything runs. Its figures mean nothing.**` : line;
}

function workAsMarkdown(work: WorkResults, contenders: readonly ContenderEntry[]): string {
  const metrics = [...new Set(work.figures.map(({ metric }) => metric))];
  const measured = contenders.filter(({ name }) =>
    [...work.figures, ...work.failures].some(({ contender }) => contender === name),
  );
  const tables =
    work.layout === 'a row a metric'
      ? measured.map((contender) => contenderTable(work, contender, metrics))
      : metrics.map((metric, index) => metricTable(work, { metric, measured, isFirst: index === 0 }));
  const failures = work.failures.map(
    ({ contender, case: name, reason }) => `- ${contender}, ${name}: failed: ${oneLine(reason)}`,
  );
  const description = `${work.description} Measured on ${work.measuredAt.slice(0, 'YYYY-MM-DD'.length)}.`;
  return [`### ${work.title}`, description, ...tables, ...(failures.length > 0 ? [failures.join('\n')] : [])].join(
    '\n\n',
  );
}

function contenderTable(work: WorkResults, { name, title }: ContenderEntry, metrics: readonly string[]): string {
  const figures = work.figures.filter(({ contender }) => contender === name);
  const columns = work.cases.map((one) => one.name);
  const rows = metrics.map((metric) => {
    const cells = columns.map((column) => figures.find((figure) => figure.case === column && figure.metric === metric));
    return [metric, ...cells.map((figure) => (figure ? amountWithUnit(figure.median, figure.unit) : '–'))];
  });
  return table([title, ...columns], rows);
}

interface MetricTable {
  readonly metric: string;
  readonly measured: readonly ContenderEntry[];
  /** The first metric of a work shows its spread and ratios; the others would only be harder to read. */
  readonly isFirst: boolean;
}

function metricTable(work: WorkResults, { metric, measured, isFirst }: MetricTable): string {
  const find = (contender: string, name: string): Figure | undefined =>
    work.figures.find((figure) => figure.contender === contender && figure.case === name && figure.metric === metric);
  const ours = OURS.find((name) => measured.some((entry) => entry.name === name)) ?? '';
  const unit = work.figures.find((figure) => figure.metric === metric)?.unit;
  const columns = work.cases.map(({ name }) => name).filter((name) => measured.some((entry) => find(entry.name, name)));
  const rows = measured
    .filter((entry) => columns.some((name) => find(entry.name, name)))
    .map(({ name, title }) => [
      title,
      ...columns.map((column) => {
        const figure = find(name, column);
        if (figure === undefined) return '–';
        return isFirst ? cellWithSpread(figure, find(ours, column)) : amount(figure.median, figure.unit);
      }),
    ]);
  return table([unit === '/s' ? metric : `${metric}, ${unit ?? ''}`, ...columns], rows);
}

function cellWithSpread(figure: Figure, ours: Figure | undefined): string {
  const { median, min, max, unit, rounds } = figure;
  const spread = rounds > 1 ? ` (${amount(min, unit)} to ${amount(max, unit)})` : '';
  const ratio = ours && ours.contender !== figure.contender ? `, ×${ratioText(median / ours.median)}` : '';
  return `${amount(median, unit)}${unit === '/s' ? unit : ''}${spread}${ratio}`;
}

function ratioText(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2);
}

export function amount(value: number, unit: Unit): string {
  const digits = unit === '/s' || unit === 'bytes' || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function amountWithUnit(value: number, unit: Unit): string {
  return `${amount(value, unit)}${unit === '/s' ? '' : ' '}${unit}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A table's cell and a list's item are one line. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' / ').replaceAll('|', '\\|');
}
