/** docs/configuration.md, from the schema of the settings. */
import type { Setting } from '../../src/config/setting.ts';
import { environmentNameOf, flagOf, SETTING_NAMES, SETTINGS } from '../../src/config/settings.ts';

export function configurationPage(): string {
  return `# Configuration

Each setting can be given in three ways; the first one found counts:

1. a flag of \`meanwhile serve\`: \`--data-dir /var/lib/meanwhile\`
2. an environment variable: \`MEANWHILE_DATA_DIR=/var/lib/meanwhile\` (an empty one counts as not set)
3. a member of the config file, which \`--config FILE\` or \`MEANWHILE_CONFIG\` names: \`{"dataDir": "/var/lib/meanwhile"}\`

Else it has its default. The server checks everything before it starts, reports every problem at once with the value and
the place that it came from, and exits with 2.

${SETTING_NAMES.map(section).join('\n')}`;
}

function section(name: (typeof SETTING_NAMES)[number]): string {
  const { kind, unit, doc, defaultText, defaultNote }: Setting<unknown> = SETTINGS[name];
  // A default that depends on the machine is told by its rule, or the page would differ from machine to machine.
  const standard = defaultNote ?? (defaultText === null ? 'none' : `\`${defaultText}\``);
  return `## ${name}

${doc}

| flag | environment | accepts | unit | default |
|---|---|---|---|---|
| \`--${flagOf(name)}\` | \`${environmentNameOf(name)}\` | ${kind.accepts} | ${unit ?? '–'} | ${standard} |
`;
}
