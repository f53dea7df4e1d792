import { expect, test } from 'vitest';
import { environmentNameOf, SETTING_NAMES } from './settings.ts';
import { unknownVariables } from './unknown-variables.ts';

test.for([
  ['MEANWHILE_LISTN', 'MEANWHILE_LISTEN'],
  ['MEANWHILE_DATADIR', 'MEANWHILE_DATA_DIR'],
  ['MEANWHILE_DATA_FOLDER', 'MEANWHILE_DATA_DIR'],
  ['MEANWHILE_RETENTION_DAY', 'MEANWHILE_RETENTION_DAYS'],
  ['MEANWHILE_ACCESS_KEY', 'MEANWHILE_ACCESS_KEY_ID'],
  ['MEANWHILE_CONFIGS', 'MEANWHILE_CONFIG'],
] as const)('%s is told, with %s as what was meant', ([name, nearest]) => {
  expect(unknownVariables({ [name]: '1' })).toEqual([{ name, nearest }]);
});

test('a variable that is near to no setting is told without one', () => {
  expect(unknownVariables({ MEANWHILE_COLOUR: 'red' })).toEqual([{ name: 'MEANWHILE_COLOUR', nearest: undefined }]);
});

test('settings, empty variables and those of other programs are not told', () => {
  const settings = SETTING_NAMES.map((name) => [environmentNameOf(name), '1'] as const);
  const others = { MEANWHILE_URL: 'http://a', MEANWHILE_TEST_STORE: 'x', MEANWHILE_INSTANCE: 'i', PATH: '/bin' };
  const env = { ...Object.fromEntries(settings), ...others, MEANWHILE_CONFIG: 'a.json', MEANWHILE_LISTN: '' };
  expect(unknownVariables(env)).toEqual([]);
});

test('what Kubernetes says of a service named meanwhile is not told, but a port that somebody wrote is', () => {
  const links = {
    MEANWHILE_SERVICE_HOST: '10.0.0.7',
    MEANWHILE_SERVICE_PORT_HTTP: '8383',
    MEANWHILE_PORT: 'tcp://10.0.0.7:8383',
    MEANWHILE_PORT_8383_TCP_ADDR: '10.0.0.7',
  };
  expect(unknownVariables(links)).toEqual([]);
  expect(unknownVariables({ MEANWHILE_PORT: '9000' }).map(({ name }) => name)).toEqual(['MEANWHILE_PORT']);
});
