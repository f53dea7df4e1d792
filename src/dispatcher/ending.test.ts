import { describe, expect, it } from 'vitest';
import { Ending } from './ending.ts';

describe('an ending', () => {
  it('tells all who listen, once, with the first reason', () => {
    const ending = new Ending();
    const heard: unknown[] = [];
    ending.addEventListener('abort', () => heard.push(ending.reason));
    ending.addEventListener('abort', () => heard.push(ending.reason));
    expect([ending.aborted, ending.reason]).toEqual([false, undefined]);

    ending.abort('stop');
    ending.abort('shutdown');

    expect(ending.aborted).toBe(true);
    expect(heard).toEqual(['stop', 'stop']);
  });

  it('tells nothing to who has stopped listening, be it by what another one does', () => {
    const ending = new Ending();
    const heard: string[] = [];
    const first = (): void => {
      heard.push('first');
      ending.removeEventListener('abort', second);
    };
    const second = (): void => {
      heard.push('second');
    };
    const gone = (): void => {
      heard.push('gone');
    };
    ending.addEventListener('abort', gone);
    ending.addEventListener('abort', first);
    ending.addEventListener('abort', second);
    ending.removeEventListener('abort', gone);

    ending.abort('shutdown');

    expect(heard).toEqual(['first']);
  });
});
