/** The transition table as a Mermaid state diagram; `docs/state-machine.md` is made from it and a test compares them. */
import { FINAL_STATUSES, TASK_STATUSES } from './task.ts';
import { TASK_EVENTS, TRANSITIONS } from './transitions.ts';

export function stateDiagram(): string {
  const lines = ['stateDiagram-v2', '  [*] --> Enqueued: accept'];
  for (const from of TASK_STATUSES) {
    const labels = new Map<string, string[]>();
    for (const event of TASK_EVENTS) {
      const rule = TRANSITIONS[from][event];
      if (typeof rule === 'string') continue;
      for (const to of rule) labels.set(to, [...(labels.get(to) ?? []), event]);
    }
    for (const [to, events] of labels) lines.push(`  ${from} --> ${to}: ${events.join(', ')}`);
  }
  for (const status of FINAL_STATUSES) lines.push(`  ${status} --> [*]`);
  return `${lines.join('\n')}\n`;
}
