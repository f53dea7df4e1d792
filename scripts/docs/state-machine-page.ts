/** docs/state-machine.md, from the transition table. */
import { stateDiagram } from '../../src/core/state-diagram.ts';
import { TASK_STATUSES } from '../../src/core/task.ts';
import { TASK_EVENTS, TRANSITIONS } from '../../src/core/transitions.ts';

export function stateMachinePage(): string {
  return `# The states of a task

Drawn from the table in \`src/core/transitions.ts\`, which \`src/core/decide.ts\` obeys: nothing else moves a task. A state has the
name that the API gives it.

\`\`\`mermaid
${stateDiagram()}\`\`\`

Where an event leads from each state; "–" means that it is ignored, because a race was lost and nothing is left to do.

| | ${TASK_EVENTS.join(' | ')} |
|---|${'---|'.repeat(TASK_EVENTS.length)}
${TASK_STATUSES.map(row).join('\n')}

- **claim**: a node takes a due task. **start**: its instance begins an attempt. **end**: it reports how the attempt ended.
- **give-back**: the holder returns the task, because it shuts down or has no room. **lose**: the holder is gone.
- **expire**: older than its age limit, and no attempt runs. **invalidate**: the function that it names is gone.
- **stop**: the user's request. A waiting task passes through Stopping to Stopped at once.
`;
}

function row(status: (typeof TASK_STATUSES)[number]): string {
  const cells = TASK_EVENTS.map((event) => {
    const rule = TRANSITIONS[status][event];
    if (rule === 'ignore') return '–';
    return rule === 'refuse' ? 'refused' : rule.join(', ');
  });
  return `| **${status}** | ${cells.join(' | ')} |`;
}
