/** `meanwhile keys …`: who may sign requests. Talks to a running server, like any other client. */
import { AccessKeysClient, type AccessKey } from '../access-keys-client.ts';
import { type Command, type CommandInput, EXIT_OK, JSON_OPTION, type Option, UsageError } from '../command.ts';
import { findOperatorKey } from '../operator-key.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const DEFAULT_URL = 'http://127.0.0.1:8383';

const CONNECTION_OPTIONS: readonly Option[] = [
  { name: 'url', value: 'URL', doc: `The server; MEANWHILE_URL, else ${DEFAULT_URL}.` },
  {
    name: 'data-dir',
    value: 'PATH',
    doc: 'Where to find the first key pair when MEANWHILE_ACCESS_KEY_ID and MEANWHILE_ACCESS_KEY_SECRET are not set; MEANWHILE_DATA_DIR, else ./data.',
  },
  JSON_OPTION,
];

const list: Command = {
  name: 'keys list',
  summary: 'List the access keys of all accounts, without their secrets',
  argument: '',
  options: CONNECTION_OPTIONS,
  examples: ['meanwhile keys list', 'meanwhile keys list --json | jq ".accessKeys[].account"'],
  async run(input, terminal) {
    const client = await connect(input, terminal);
    const accessKeys = await client.list();
    if (input.switches.has('json')) terminal.print(JSON.stringify({ accessKeys }));
    else
      for (const line of table(['ACCESS KEY ID', 'ACCOUNT', 'STATE', 'ROLE'], accessKeys.map(rowOf)))
        terminal.print(line);
    return EXIT_OK;
  },
};

const create: Command = {
  name: 'keys create',
  summary: 'Make an access key',
  argument: '',
  options: [
    { name: 'account', value: 'ID', doc: 'The account that it belongs to, made with its first key; else your own.' },
    { name: 'operator', doc: 'It may manage access keys, of all accounts.' },
    { name: 'security-token', doc: 'Also make a security token, which every request with this key must then carry.' },
    ...CONNECTION_OPTIONS,
  ],
  notes: ['The secret is shown this once and cannot be shown again.'],
  examples: ['meanwhile keys create', 'meanwhile keys create --account 2000000000000001 --json'],
  async run(input, terminal) {
    const client = await connect(input, terminal);
    const { account } = input.values;
    const key = await client.create({
      ...(account === undefined ? {} : { account }),
      operator: input.switches.has('operator'),
      withSecurityToken: input.switches.has('security-token'),
    });
    if (input.switches.has('json')) {
      terminal.print(JSON.stringify(key));
      return EXIT_OK;
    }
    terminal.print(`access key id      ${key.accessKeyId}`);
    terminal.print(`access key secret  ${key.accessKeySecret}`);
    if (key.securityToken) terminal.print(`security token     ${key.securityToken}`);
    terminal.print(`account            ${key.account}`);
    terminal.note('Keep the secret now: it cannot be shown again.');
    return EXIT_OK;
  },
};

const disable = changing(
  'disable',
  'Refuse requests that are signed with an access key, until it is enabled again',
  (client, id) => client.setEnabled(id, false),
);

const enable = changing('enable', 'Take requests that are signed with an access key again', (client, id) =>
  client.setEnabled(id, true),
);

const remove = changing('delete', 'Delete an access key; what its account owns stays', (client, id) =>
  client.delete(id),
);

export const KEYS_COMMANDS: readonly Command[] = [list, create, disable, enable, remove];

/** A command that does one thing to the key it names. */
function changing(
  verb: 'disable' | 'enable' | 'delete',
  summary: string,
  change: (client: AccessKeysClient, accessKeyId: string) => Promise<void>,
): Command {
  return {
    name: `keys ${verb}`,
    summary,
    argument: '<access key id>',
    options: CONNECTION_OPTIONS,
    examples: [`meanwhile keys ${verb} LTAI0123456789abcdef`],
    async run(input, terminal) {
      const accessKeyId = input.argument ?? '';
      await change(await connect(input, terminal), accessKeyId);
      if (input.switches.has('json')) terminal.print(JSON.stringify({ accessKeyId }));
      else terminal.note(`${verb}d ${accessKeyId}`);
      return EXIT_OK;
    },
  };
}

async function connect({ values }: CommandInput, { env }: Terminal): Promise<AccessKeysClient> {
  const given = values['url'] ?? (env['MEANWHILE_URL'] || DEFAULT_URL);
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${JSON.stringify(given)} is no URL of a server; write it like ${DEFAULT_URL}`);
  }
  if (url.href !== `${url.origin}/`) {
    throw new UsageError(
      `${JSON.stringify(given)} is more than the address of a server, whose API begins at its root; write ${url.origin}`,
    );
  }
  return new AccessKeysClient(url, await findOperatorKey(values['data-dir'], env));
}

function rowOf({ accessKeyId, account, enabled, operator }: AccessKey): readonly string[] {
  return [accessKeyId, account, enabled ? 'enabled' : 'disabled', operator ? 'operator' : ''];
}
