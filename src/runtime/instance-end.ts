/** How an instance ends: once, pre-stop hook first where there is time for it, whoever asks and however often. */
import type { SupervisedProcess } from './process/supervised-process.ts';

export interface InstanceEndParts {
  readonly process: SupervisedProcess;
  /** Removes what is left when no process is: the temp folder. */
  readonly cleanUp: () => Promise<void>;
  /** Called when processes of it could not be ended in time. */
  readonly onSurvivors: () => void;
  /** Must end by itself. Not called once the end has begun. */
  readonly runPreStop: () => Promise<void>;
}

export class InstanceEnd {
  readonly #parts: InstanceEndParts;
  readonly #unusable = Promise.withResolvers<undefined>();
  readonly #gone = Promise.withResolvers<undefined>();
  #ending: Promise<void> | undefined;
  #retiring: Promise<void> | undefined;
  #byUs = false;

  constructor(parts: InstanceEndParts) {
    this.#parts = parts;
  }

  /** Resolves as soon as the instance takes no more invocations. */
  get unusable(): Promise<void> {
    return this.#unusable.promise;
  }

  /** Resolves when no process of it is left. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  get hasBegun(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether it was ended by us, not by itself. */
  get isByUs(): boolean {
    return this.#byUs;
  }

  /** Its process is gone, or cannot be talked to. */
  lost(): void {
    this.#unusable.resolve(undefined);
    this.#ending ??= this.#end();
  }

  /** Runs the hook, then ends the tree. */
  retire(): Promise<void> {
    this.#byUs ||= !this.hasBegun;
    this.#unusable.resolve(undefined);
    this.#retiring ??= this.#runPreStop().then(() => this.destroy());
    return this.#retiring;
  }

  /** Ends the tree at once. */
  destroy(): Promise<void> {
    this.#byUs ||= !this.hasBegun;
    this.#unusable.resolve(undefined);
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #runPreStop(): Promise<void> {
    if (!this.hasBegun) await this.#parts.runPreStop();
  }

  async #end(): Promise<void> {
    const { process, cleanUp, onSurvivors } = this.#parts;
    const gone = await process.end();
    if (!gone) onSurvivors();
    await cleanUp();
    this.#gone.resolve(undefined);
  }
}
