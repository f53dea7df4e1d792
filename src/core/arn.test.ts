import { describe, expect, it } from 'vitest';
import { functionArn, parseArn, parseFunctionResource } from './arn.ts';

describe('resource names', () => {
  it('splits at the first four colons and keeps the rest whole', () => {
    expect(parseArn('acs:mns:cn-hangzhou:12:/queues/a:b/messages')).toEqual({
      service: 'mns',
      region: 'cn-hangzhou',
      account: '12',
      resource: '/queues/a:b/messages',
    });
  });

  it.each(['', 'acs:fc', 'acs:fc:::', 'arn:fc:::functions/f', 'acs::::functions/f'])('finds none in %j', (text) => {
    expect(parseArn(text)).toBeUndefined();
  });

  it.each([
    ['functions/f', { functionName: 'f', qualifier: 'LATEST' }],
    ['functions/f/prod', { functionName: 'f', qualifier: 'prod' }],
    ['services/s/functions/f', { functionName: 's$f', qualifier: 'LATEST' }],
    ['services/s.prod/functions/f', { functionName: 's$f', qualifier: 'prod' }],
    ['functions/', undefined],
    ['functions/f/a/b', undefined],
    ['functions/1f', undefined],
    ['services/s/function/f', undefined],
  ])('reads the function in %s', (resource, expected) => {
    expect(parseFunctionResource(resource)).toEqual(expected);
  });

  it('names LATEST without a suffix, and reads what it wrote', () => {
    const place = { region: 'local', account: '12' };
    expect(functionArn(place, 'f')).toBe('acs:fc:local:12:functions/f');
    const arn = functionArn(place, 'f', 'prod');
    expect(parseFunctionResource(parseArn(arn)?.resource ?? '')).toEqual({ functionName: 'f', qualifier: 'prod' });
  });
});
