import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyPair } from '../../service/access-keys.ts';
import { Query } from '../shared/query.ts';
import { sign } from '../signing.fixture.ts';
import { authenticate, operationRules, SKEW_MS } from './authenticate.ts';
import { canonicalRequest, type SignedRequest } from './canonical-request.ts';
import { HmacKey } from './hmac-key.ts';
import { SigningKeys } from './signing-keys.ts';

const NOW_MS = Date.parse('2026-11-20T23:15:56Z');
const VERSION = '2023-03-30';
const PAIR: KeyPair = {
  accessKeyId: 'AKID',
  accessKeySecret: 'AKSECRET',
  account: '123',
  operator: false,
  enabled: true,
  securityToken: null,
};
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function verifier({
  pairs = [PAIR],
  nowMs = NOW_MS,
  signatures = 'all',
}: {
  pairs?: readonly KeyPair[];
  nowMs?: number;
  signatures?: 'all' | 'acs3';
} = {}) {
  const used = new Set<bigint>();
  const now = () => nowMs;
  const findKey = async (id: string) => pairs.find((pair) => pair.accessKeyId === id);
  const nonces = {
    async useNonce({ digest }: { digest: bigint }): Promise<'first' | 'used'> {
      const seen = used.has(digest);
      used.add(digest);
      return seen ? 'used' : 'first';
    },
  };
  return { used, authentication: { keys: new SigningKeys(findKey, now), nonces, now, signatures } };
}

function request(target: string, headers: Record<string, string>, method = 'GET'): SignedRequest {
  const [path = '', query = ''] = target.split('?');
  return { method, path, query: Query.parse(query), headers };
}

function signed(
  target = '/2023-03-30/functions/f1',
  { headers, ...options }: Parameters<typeof sign>[1] & { headers?: Record<string, string> } = {},
): SignedRequest {
  const unsigned = { method: 'GET', target, host: '127.0.0.1', headers: headers ?? {} };
  return request(target, sign(unsigned, { dateMs: NOW_MS, ...options }));
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Captured from the real SDKs on 2026-11-20. */
const CAPTURES = [
  {
    target: '/2023-03-30/functions/f1/async-tasks/task-1?qualifier=prod',
    method: 'GET',
    headers: {
      host: '127.0.0.1:42555',
      'x-acs-action': 'GetAsyncTask',
      'x-acs-content-sha256': EMPTY_SHA256,
      'x-acs-credentials-provider': 'static_ak',
      'x-acs-date': '2026-11-20T23:15:56Z',
      'x-acs-signature-nonce': 'f54122d13612b1788e0ec1a55d196d06a76ec7b3233a2f43f7863180e2b8c2be',
      'x-acs-version': '2023-03-30',
    },
    signature: '74b07675f462f60fc1207a4de39e734efa564e8b1e7768210f1a1f6c66570539',
  },
  {
    target: '/2021-04-06/services/s1/versions',
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      host: '127.0.0.1:38655',
      'x-acs-action': 'PublishServiceVersion',
      'x-acs-content-sha256': '4dcfa1e37cc57d71dfb7568bba86f0bf8fe424c0a660abe8edb744efc021aaea',
      'x-acs-credentials-provider': 'static_ak',
      'x-acs-date': '2026-11-20T23:17:28Z',
      'x-acs-signature-nonce': '3f26b9cffea6f98df4f7e22022668294',
      'x-acs-version': '2021-04-06',
    },
    signature: '52eb002916836f102b0ac9040bfc0ceb59a3b8980f2b8fb4e195a8299dd95bf1',
  },
  {
    target: '/2023-03-30/async-invoke-configs?functionName=f1&limit=10&nextToken=a%2Bb%2Fc%3D%20d*%27(!)~',
    method: 'GET',
    headers: {
      host: '127.0.0.1:42555',
      'x-acs-action': 'ListAsyncInvokeConfigs',
      'x-acs-content-sha256': EMPTY_SHA256,
      'x-acs-credentials-provider': 'static_ak',
      'x-acs-date': '2026-11-20T23:15:56Z',
      'x-acs-signature-nonce': 'eca6d6b617ddb1f1f145caba2520023939c609d1ef4b3bd26f9defc15c2a82f9',
      'x-acs-version': '2023-03-30',
    },
    signature: '110ed700450d2c8b44884bcb979f2df5f0018a17057d61a8b1107c858ee27aa3',
  },
];

describe('a genuine request', () => {
  test.each(CAPTURES)('as the SDK sent it is accepted: $target', async ({ target, method, headers, signature }) => {
    const names = Object.keys(headers).sort().join(';');
    const authorization = `ACS3-HMAC-SHA256 Credential=AKID,SignedHeaders=${names},Signature=${signature}`;
    const { authentication } = verifier();
    const captured = request(target, { ...headers, authorization, accept: 'application/json' }, method);
    const sender = await authenticate(captured, operationRules(headers['x-acs-version']), authentication);
    expect(sender).toEqual({ pair: PAIR, bodyDigest: { kind: 'sha256', hex: headers['x-acs-content-sha256'] } });
  });

  test('is accepted once: its nonce is used up', async () => {
    const { authentication } = verifier();
    const once = signed();
    expect(await refusal(authenticate(once, operationRules(VERSION), authentication))).toBe('accepted');
    expect(await refusal(authenticate(once, operationRules(VERSION), authentication))).toBe('SignatureNonceUsed');
  });

  test.each([
    [-SKEW_MS - 1000, 'RequestTimeTooSkewed'],
    [-SKEW_MS + 1000, 'accepted'],
    [SKEW_MS - 1000, 'accepted'],
    [SKEW_MS + 1000, 'RequestTimeTooSkewed'],
  ])('that was signed %i ms from our time is: %s', async (offsetMs, verdict) => {
    const { authentication } = verifier();
    expect(
      await refusal(
        authenticate(signed(undefined, { dateMs: NOW_MS + offsetMs }), operationRules(VERSION), authentication),
      ),
    ).toBe(verdict);
  });

  test('signed for another version is refused', async () => {
    const { authentication } = verifier();
    const other = signed('/2023-03-30/functions', { version: '2021-04-06' });
    expect(await refusal(authenticate(other, operationRules(VERSION), authentication))).toBe('InvalidArgument');
  });

  test.each([
    ['unknown', { ...PAIR, accessKeyId: 'OTHER' }, undefined, 'InvalidAccessKeyID'],
    ['disabled', { ...PAIR, enabled: false }, undefined, 'InvalidAccessKeyID'],
    ['another secret', { ...PAIR, accessKeySecret: 'x' }, undefined, 'SignatureNotMatch'],
    ['a token that was not sent', { ...PAIR, securityToken: 'TOK' }, undefined, 'InvalidSecurityToken'],
    ['another token', { ...PAIR, securityToken: 'TOK' }, 'OTHER', 'InvalidSecurityToken'],
    ['its token', { ...PAIR, securityToken: 'TOK' }, 'TOK', 'accepted'],
    ['no token where one was sent', PAIR, 'TOK', 'InvalidSecurityToken'],
  ])('of a pair that is or has %s', async (_, pair, token, verdict) => {
    const { authentication, used } = verifier({ pairs: [pair] });
    const headers = token === undefined ? {} : { 'x-acs-security-token': token };
    expect(await refusal(authenticate(signed(undefined, { headers }), operationRules(VERSION), authentication))).toBe(
      verdict,
    );
    expect(used.size).toBe(verdict === 'accepted' ? 1 : 0);
  });
});

describe('a signature is refused', () => {
  const good = signed();
  const authorization = good.headers['authorization'] ?? '';

  test.each<[string, string | undefined, string]>([
    ['none', undefined, 'MissingRequiredHeader'],
    ['empty', '', 'SignatureNotMatch'],
    ['garbage', 'garbage', 'SignatureNotMatch'],
    ['of the 2016 scheme', 'FC AKID:abc=', 'SignatureNotMatch'],
    ['of the ROA scheme', 'acs AKID:abc=', 'SignatureNotMatch'],
    ['of another algorithm', authorization.replace('SHA256', 'SM3'), 'SignatureNotMatch'],
    [
      'with the algorithm in lower case',
      authorization.replace('ACS3-HMAC-SHA256', 'acs3-hmac-sha256'),
      'SignatureNotMatch',
    ],
    ['with the algorithm none', authorization.replace('ACS3-HMAC-SHA256', 'none'), 'SignatureNotMatch'],
    [
      'with upper-case digits',
      authorization.slice(0, -64) + authorization.slice(-64).toUpperCase(),
      'SignatureNotMatch',
    ],
    ['that is cut', authorization.slice(0, -1), 'SignatureNotMatch'],
    ['of zeros', `${authorization.slice(0, -64)}${'0'.repeat(64)}`, 'SignatureNotMatch'],
    ['with a header listed twice', authorization.replace('=host;', '=host;host;'), 'SignatureNotMatch'],
    [
      'with headers out of order',
      authorization.replace('host;x-acs-content-sha256', 'x-acs-content-sha256;host'),
      'SignatureNotMatch',
    ],
    ['with an upper-case header', authorization.replace('=host;', '=Host;'), 'SignatureNotMatch'],
    [
      'with a header that was not sent',
      authorization.replace(';x-acs-version', ';x-acs-version;x-none'),
      'SignatureNotMatch',
    ],
    ...['host', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-version'].map(
      (name): [string, string, string] => [
        `that leaves out ${name}`,
        authorization.replace(new RegExp(`(=${name};|;${name}(?=[;,]))`), (hit) => (hit.startsWith('=') ? '=' : '')),
        'SignatureNotMatch',
      ],
    ),
  ])('%s', async (_, header, code) => {
    const { authentication, used } = verifier();
    const attempt = { ...good, headers: { ...good.headers, authorization: header } };
    expect(await refusal(authenticate(attempt, operationRules(VERSION), authentication))).toBe(code);
    expect(used.size).toBe(0);
  });

  test.each(['content-type', 'x-acs-action', 'x-acs-anything'])(
    'when %s was added and is not covered',
    async (name) => {
      const { authentication } = verifier();
      const attempt = { ...good, headers: { ...good.headers, [name]: 'x' } };
      expect(await refusal(authenticate(attempt, operationRules(VERSION), authentication))).toBe('SignatureNotMatch');
    },
  );

  test('whatever one character of method, path, query or a signed header is changed', async () => {
    const genuine = signed('/2023-03-30/functions/f1/async-tasks?limit=10&prefix=a-b', {
      headers: { 'x-acs-action': 'ListAsyncTasks' },
    });
    const parts = [
      'method',
      'path',
      'query',
      ...Object.keys(genuine.headers).filter((name) => name !== 'authorization'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 0, max: 5 }), async (part, at, bit) => {
        const changed = changeOne(genuine, part, { at, bit });
        fc.pre(changed !== undefined);
        const { authentication, used } = verifier();
        expect(await refusal(authenticate(changed as SignedRequest, operationRules(VERSION), authentication))).toBe(
          'SignatureNotMatch',
        );
        expect(used.size).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Flips one bit of one character; undefined where that gives the same request or none. */
function changeOne(genuine: SignedRequest, part: string, { at, bit }: { at: number; bit: number }) {
  const flip = (text: string): string => {
    const index = at % text.length;
    return text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << bit)) + text.slice(index + 1);
  };
  if (part === 'method') return { ...genuine, method: flip(genuine.method) };
  if (part === 'path') return { ...genuine, path: flip(genuine.path) };
  if (part !== 'query')
    return { ...genuine, headers: { ...genuine.headers, [part]: flip(genuine.headers[part] ?? '') } };
  try {
    const text = flip('limit=10&prefix=a-b');
    // An empty pair is no parameter: `limit=10&` is the same request as `limit=10`.
    return { ...genuine, query: Query.parse(text) };
  } catch {
    return undefined;
  }
}

test('HmacKey answers as createHmac does', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 512 });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.array(ascii, { maxLength: 3 }), (secret, texts) => {
      const key = new HmacKey(secret);
      for (const text of texts) expect(key.sign(text)).toBe(createHmac('sha256', secret).update(text).digest('hex'));
    }),
  );
});

test('no two different queries have one canonical form', () => {
  const headers = { set: new Set<string>(), names: [], text: '' };
  const canonical = (query: string) => canonicalRequest(request(`/p?${query}`, {}), headers);
  expect(() => canonical('a%3D1%26b=2')).toThrow("a query parameter's name");
  expect(canonical('a=1%26b%3D2')).not.toBe(canonical('a=1&b=2'));
});

test('what a query is can be read back from its canonical form, whatever its names: no other query has that form', () => {
  const headers = { set: new Set<string>(), names: [], text: '' };
  const part = fc.constantFrom('a', 'b', ':', '团', '=', '&', '%3D', '%26', '%0A', '%0D', '%20', '+', '%25', '#');
  const lines = canonicalRequest(request('/p', {}), headers).split('\n').length;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      let sent: SignedRequest;
      try {
        sent = request(`/p?${parts.join('')}`, {});
      } catch {
        return; // refused: nobody is asked who it is from
      }
      const form = canonicalRequest(sent, headers).split('\n');
      expect(form).toHaveLength(lines);
      const read = new Map<string, string>();
      for (const pair of form[2]?.split('&') ?? []) {
        const equals = pair.indexOf('=');
        if (pair !== '') read.set(pair.slice(0, equals), decodeURIComponent(pair.slice(equals + 1)));
      }
      expect(read).toEqual(sent.query.parameters);
    }),
    { numRuns: 2000 },
  );
});
