/**
 * The log of one instance: lines from the control pipe and bytes from its standard streams, to the tails of the
 * executions under way and, within a budget, to whoever collects logs.
 */
import type { Readable } from 'node:stream';
import { LOG_TAIL_BYTES } from '../../core/limits.ts';
import { LineSplitter } from './line-splitter.ts';
import { LogBudget } from './log-budget.ts';
import { LogTail } from './log-tail.ts';

/** Whose line it is. */
export interface LogSource {
  readonly instanceId: string;
  readonly account: string;
  readonly functionName: string;
  readonly versionId: string;
}

/** Takes a line without its end. `requestId` is empty when there is none it could belong to, or several. Must not throw. */
export type LogSink = (source: LogSource, requestId: string, line: string) => void;

export interface StreamTotals {
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
}

export interface InstanceLogOptions {
  readonly source: LogSource;
  readonly sink: LogSink;
  readonly monotonic: () => number;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** What a runtime looks at to tell why a process died. */
const STDERR_KEPT_CHARACTERS = 8 * 1024;

export class InstanceLog {
  readonly #source: LogSource;
  readonly #sink: LogSink;
  readonly #budget: LogBudget;
  readonly #read = { stdout: 0, stderr: 0 };
  readonly #splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  /** By request id. */
  readonly #tails = new Map<string, LogTail>();
  #stderrEnd = '';
  #onRead: (() => void) | undefined;

  constructor(options: InstanceLogOptions) {
    this.#source = options.source;
    this.#sink = options.sink;
    this.#budget = new LogBudget(options.monotonic);
    options.stdout.on('data', (chunk: Buffer) => this.#take('stdout', chunk));
    options.stderr.on('data', (chunk: Buffer) => this.#take('stderr', chunk));
  }

  /** Starts the log of an execution; nobody can tell whose a line is while several are under way. */
  begin(requestId: string): void {
    this.#tails.set(requestId, new LogTail());
  }

  line(line: string): void {
    if (this.#budget.take(line.length)) this.#pass(line);
    else this.#append(`${line}\n`);
  }

  /** Gives out lines that have no end yet; nothing more is coming. */
  flush(): void {
    for (const splitter of Object.values(this.#splitters)) {
      const rest = splitter.flush();
      if (rest !== undefined) this.#pass(rest);
    }
  }

  /** Ends the log of an execution: its last 4 KiB. */
  end(requestId: string): string {
    const dropped = this.#budget.takeDropped();
    if (dropped > 0) this.#sink(this.#source, requestId, `[${dropped} bytes of log were dropped]`);
    const text = this.#tails.get(requestId)?.text() ?? '';
    this.#tails.delete(requestId);
    return text;
  }

  hasRead(totals: StreamTotals): boolean {
    return this.#read.stdout >= totals.stdoutBytes && this.#read.stderr >= totals.stderrBytes;
  }

  /** What ever came from the standard streams. */
  get readBytes(): number {
    return this.#read.stdout + this.#read.stderr;
  }

  /** Calls back after each read from a standard stream, until told otherwise. */
  set onRead(callback: (() => void) | undefined) {
    this.#onRead = callback;
  }

  get stderrEnd(): string {
    return this.#stderrEnd;
  }

  #take(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this.#read[stream] += chunk.length;
    if (stream === 'stderr') {
      this.#stderrEnd = (this.#stderrEnd + chunk.toString('latin1')).slice(-STDERR_KEPT_CHARACTERS);
    }
    if (this.#budget.take(chunk.length)) {
      for (const line of this.#splitters[stream].push(chunk)) this.#pass(line);
    } else {
      const rest = this.#splitters[stream].flush();
      if (rest !== undefined) this.#pass(rest);
      // A flood is not even split into lines: it would cost the server more than it costs the function.
      this.#append(chunk.toString('utf8', Math.max(0, chunk.length - LOG_TAIL_BYTES)));
    }
    this.#onRead?.();
  }

  #pass(line: string): void {
    this.#append(`${line}\n`);
    const [requestId = ''] = this.#tails.size === 1 ? this.#tails.keys() : [];
    this.#sink(this.#source, requestId, line);
  }

  #append(text: string): void {
    for (const tail of this.#tails.values()) tail.append(text);
  }
}
