/** The pages that are made from the source, by their paths from the root of the project. */
import { configurationPage } from './configuration-page.ts';
import { decisionsPage } from './decisions-page.ts';
import { metricsPage } from './metrics-page.ts';
import { stateMachinePage } from './state-machine-page.ts';

export const GENERATED_PAGES: Readonly<Record<string, () => string>> = {
  'docs/adr/README.md': decisionsPage,
  'docs/configuration.md': configurationPage,
  'docs/metrics.md': metricsPage,
  'docs/state-machine.md': stateMachinePage,
};
