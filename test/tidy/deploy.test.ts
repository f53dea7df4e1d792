/*
 * What `deploy/` says must fit itself and the server: there is no cluster here to try it on. The schemas name the members
 * that these files use and no others, so a member that is new, or spelled wrongly, must be added here first.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { environmentNameOf, SETTING_NAMES, SETTINGS } from '../../src/config/settings.ts';

type Schema =
  | 'text'
  | 'number'
  | 'truth'
  | 'texts'
  | 'labels'
  | readonly [Schema]
  | { readonly [name: string]: Schema };

const folder = join(import.meta.dirname, '../../deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const METADATA = { name: 'text', labels: 'labels', annotations: 'labels' } as const;
const SELECTOR = { matchLabels: 'labels' } as const;

const KUBERNETES: Readonly<Record<string, Schema>> = {
  'apps/v1 StatefulSet': {
    apiVersion: 'text',
    kind: 'text',
    metadata: METADATA,
    spec: {
      serviceName: 'text',
      replicas: 'number',
      podManagementPolicy: 'text',
      selector: SELECTOR,
      template: {
        metadata: METADATA,
        spec: {
          terminationGracePeriodSeconds: 'number',
          automountServiceAccountToken: 'truth',
          securityContext: { runAsNonRoot: 'truth', runAsUser: 'number', runAsGroup: 'number', fsGroup: 'number' },
          topologySpreadConstraints: [
            { maxSkew: 'number', topologyKey: 'text', whenUnsatisfiable: 'text', labelSelector: SELECTOR },
          ],
          containers: [
            {
              name: 'text',
              image: 'text',
              ports: [{ name: 'text', containerPort: 'number' }],
              env: [{ name: 'text', value: 'text', valueFrom: { secretKeyRef: { name: 'text', key: 'text' } } }],
              readinessProbe: {
                httpGet: { path: 'text', port: 'text' },
                periodSeconds: 'number',
                timeoutSeconds: 'number',
                failureThreshold: 'number',
              },
              resources: { requests: { cpu: 'text', memory: 'text' }, limits: { memory: 'text' } },
              volumeMounts: [{ name: 'text', mountPath: 'text', readOnly: 'truth' }],
            },
          ],
          volumes: [{ name: 'text', secret: { secretName: 'text', items: [{ key: 'text', path: 'text' }] } }],
        },
      },
      volumeClaimTemplates: [
        { metadata: METADATA, spec: { accessModes: 'texts', resources: { requests: { storage: 'text' } } } },
      ],
    },
  },
  'v1 Service': {
    apiVersion: 'text',
    kind: 'text',
    metadata: METADATA,
    spec: {
      clusterIP: 'text',
      selector: 'labels',
      ports: [{ name: 'text', port: 'number', targetPort: 'text' }],
    },
  },
  'policy/v1 PodDisruptionBudget': {
    apiVersion: 'text',
    kind: 'text',
    metadata: METADATA,
    spec: { maxUnavailable: 'number', selector: SELECTOR },
  },
};

const COMPOSE_SERVICE: Schema = {
  image: 'text',
  build: { context: 'text', dockerfile: 'text' },
  environment: 'labels',
  secrets: 'texts',
  volumes: 'texts',
  ports: 'texts',
  depends_on: {},
  healthcheck: { test: 'texts', interval: 'text', timeout: 'text', retries: 'number' },
  stop_grace_period: 'text',
  restart: 'text',
};

function* offences(schema: Schema, value: unknown, at: string): Generator<string> {
  if (typeof schema === 'string') {
    if (!isOfKind(schema, value)) yield `${at} is not ${schema}: ${JSON.stringify(value)}`;
  } else if (isList(schema)) {
    if (!Array.isArray(value)) yield `${at} is no list`;
    else for (const [index, item] of value.entries()) yield* offences(schema[0], item, `${at}[${index}]`);
  } else if (typeof value !== 'object' || value === null) {
    yield `${at} is no map`;
  } else if (Object.keys(schema).length > 0) {
    for (const [name, member] of Object.entries(value)) {
      const known = schema[name];
      if (known === undefined) yield `${at}.${name} is not known`;
      else yield* offences(known, member, `${at}.${name}`);
    }
  }
}

function isList(schema: Schema): schema is readonly [Schema] {
  return Array.isArray(schema);
}

function isOfKind(kind: string, value: unknown): boolean {
  const isText = (item: unknown): boolean => typeof item === 'string';
  if (kind === 'texts') return Array.isArray(value) && value.every(isText);
  if (kind === 'labels') return typeof value === 'object' && value !== null && Object.values(value).every(isText);
  return typeof value === { text: 'string', number: 'number', truth: 'boolean' }[kind];
}

const SETTINGS_BY_NAME = new Set(SETTING_NAMES.map((name) => environmentNameOf(name)));
const unknownSettings = (text: string): string[] =>
  [...new Set(text.match(/\bMEANWHILE_[A-Z_]+/g))].filter((name) => !SETTINGS_BY_NAME.has(name));

test.each(['Dockerfile', 'compose.yaml', 'kubernetes.yaml', 'meanwhile.service'])(
  '%s names settings that there are',
  (name) => {
    expect(unknownSettings(read(name))).toEqual([]);
  },
);

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly serviceName: string };
}

const manifests = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS() as Manifest);

test('every Kubernetes manifest has the members of its kind', () => {
  const found = manifests.flatMap((manifest) => {
    const kind = `${manifest.apiVersion} ${manifest.kind}`;
    return [...offences(KUBERNETES[kind] ?? { [kind]: 'text' }, manifest, manifest.metadata.name)];
  });
  expect(manifests.length).toBeGreaterThan(0);
  expect(found).toEqual([]);
});

test('what the Kubernetes manifests name is in them', () => {
  const text = read('kubernetes.yaml');
  const [set] = manifests.filter(({ kind }) => kind === 'StatefulSet');
  const services = manifests.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
  expect(services).toContain(set?.spec.serviceName);
  const ofKey = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, key = '']) => key);
  const made = ofKey(/--from-literal=([a-z-]+)=/g);
  expect(made).toEqual(expect.arrayContaining(ofKey(/key: ([a-z-]+)/g)));
});

interface Compose {
  readonly services: Readonly<Record<string, { readonly depends_on?: object; readonly secrets?: readonly string[] }>>;
  readonly secrets: object;
}

test('every service of the compose file has known members and needs what is in it', () => {
  const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
  const services = Object.entries(compose.services);
  const found = services.flatMap(([name, service]) => [
    ...offences(COMPOSE_SERVICE, service, name),
    ...Object.keys(service.depends_on ?? {}).filter((other) => !(other in compose.services)),
    ...(service.secrets ?? []).filter((secret) => !(secret in compose.secrets)),
  ]);
  expect(found).toEqual([]);
  const upstream = [...read('nginx.conf').matchAll(/server (\S+):8383/g)].map(([, name]) => name);
  expect(upstream).toEqual(services.map(([name]) => name).filter((name) => name.startsWith('node-')));
});

test('the compose file says how to write each variable that it asks for', () => {
  const text = read('compose.yaml');
  const asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => name);
  const [written = ''] = /^#.*> \.env\)$/m.exec(text) ?? [];
  expect(asked).not.toEqual([]);
  expect(asked.filter((name) => !written.includes(`${name}=`))).toEqual([]);
});

test('the image is given all that it copies, and no secret or data of the folder', () => {
  const ignored = readFileSync(join(folder, '../.dockerignore'), 'utf8').split('\n');
  const copied = [...read('Dockerfile').matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  expect(ignored.find((line) => !line.startsWith('#'))).toBe('*');
  expect(ignored.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))).toEqual(
    expect.arrayContaining([...copied]),
  );
});

test('a grace of the surroundings is longer than the server’s own', () => {
  const grace = Number(/MEANWHILE_STOP_GRACE_SECONDS: '(\d+)'/.exec(read('compose.yaml'))?.[1]);
  expect(Number(/stop_grace_period: (\d+)s/.exec(read('compose.yaml'))?.[1])).toBeGreaterThan(grace);
  const set = read('kubernetes.yaml');
  const ownGrace = Number(/MEANWHILE_STOP_GRACE_SECONDS, value: '(\d+)'/.exec(set)?.[1]);
  expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(set)?.[1])).toBeGreaterThan(ownGrace);
  const usualGrace = Number(SETTINGS.stopGraceSeconds.defaultText);
  expect(Number(/TimeoutStopSec=(\d+)/.exec(read('meanwhile.service'))?.[1])).toBeGreaterThan(usualGrace);
});
