/** The user's request to stop a task. */
import { decide } from '../core/decide.ts';
import { FcError } from '../core/errors.ts';
import { isFinal, type Task } from '../core/task.ts';
import { type GetTaskInput, getTask } from './get-task.ts';
import type { Caller, ServiceContext } from './service-context.ts';

/** Writes that may lose to a claim, a start or an end before the stop gives up; each loss is progress of the task. */
const TRIES_MAX = 16;

/**
 * Resolves once the stop is durable: from then on no attempt starts, and one that runs is ended. Stopping a task that is
 * being stopped succeeds again. Rejects with `TaskNotFound`, or `TaskAlreadyCompleted` when it has ended by itself.
 */
export async function stopTask(context: ServiceContext, caller: Caller, input: GetTaskInput): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { task } = await getTask(context, caller, input);
    const decision = decide(task, { kind: 'stop' }, { nowMs: context.now(), random: context.random() });
    if (decision.kind === 'ignore') {
      // Recorded by an earlier stop whose caller never heard of it, and whose process perhaps did not either.
      context.engine.stop(task);
      return;
    }
    if (decision.kind === 'refuse') throw alreadyCompleted(task);
    const [answer] = await context.store.apply([decision.transition]);
    if (answer !== 'applied') continue;
    if (isFinal(decision.transition.task.status)) context.engine.ended(decision.transition);
    else context.engine.stop(task);
    return;
  }
  throw new FcError('ConcurrentUpdate', `task '${input.taskId}' changes too fast to be stopped; try again`);
}

function alreadyCompleted(task: Task): FcError {
  return new FcError('TaskAlreadyCompleted', `task '${task.taskId}' has ended as ${task.status} and cannot be stopped`);
}
