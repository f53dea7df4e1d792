/** The environment of a function's process: Function Compute's variables and the user's, and nothing of the server's. */
import { splitServiceFunction } from '../../core/names.ts';
import type { Credentials } from '../framing/protocol.ts';
import { LAYERS_FOLDER } from '../isolation/enclose-function.ts';
import type { InstanceSpec } from '../runtime.ts';

export interface EnvironmentParts {
  readonly spec: InstanceSpec;
  readonly instanceId: string;
  readonly codeFolder: string;
  /** What stands for `/opt`; undefined without layers. */
  readonly layersFolder: string | undefined;
  readonly tempFolder: string;
  readonly credentials: Credentials;
}

/** Where Function Compute puts what is in layers. */

/** Where a function's process, and what we look for to run it with, finds programs. */
export const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin';

/** The user's variables win over defaults; what describes the instance wins over the user's. */
export function functionEnvironment(parts: EnvironmentParts): Record<string, string> {
  return { ...defaults(parts), ...givenEnvironment(parts), ...descriptions(parts) };
}

/** Lists of folders in which users name those of their layers. */
const SEARCH_PATHS = ['PATH', 'LD_LIBRARY_PATH', 'NODE_PATH', 'PYTHONPATH'];

/** As the user gave it, but for search paths through layers that lie elsewhere than in `/opt`. */
function givenEnvironment({ layersFolder, spec }: EnvironmentParts): Readonly<Record<string, string>> {
  const given = spec.settings.environment;
  if (layersFolder === undefined) return given;
  const paths = SEARCH_PATHS.flatMap((name) => {
    const entries = given[name]?.split(':').map((folder) => placedLayer(folder, layersFolder));
    return entries === undefined ? [] : [[name, entries.join(':')] as const];
  });
  return { ...given, ...Object.fromEntries(paths) };
}

/** Where a path in `/opt` is when layers lie elsewhere. */
export function placedLayer(path: string, layersFolder: string): string {
  const isInOpt = path === LAYERS_FOLDER || path.startsWith(`${LAYERS_FOLDER}/`);
  return isInOpt ? `${layersFolder}${path.slice(LAYERS_FOLDER.length)}` : path;
}

function defaults({ layersFolder, tempFolder, credentials }: EnvironmentParts): Record<string, string> {
  return {
    PATH: SEARCH_PATH,
    ...(layersFolder !== undefined && layerPaths(layersFolder)),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    HOME: tempFolder,
    TMPDIR: tempFolder,
    ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken,
  };
}

/** Those of the folders in `/opt` that Function Compute documents. */
function layerPaths(folder: string): Record<string, string> {
  return {
    PATH: `${folder}/bin:${SEARCH_PATH}`,
    LD_LIBRARY_PATH: `${folder}/lib`,
    NODE_PATH: `${folder}/nodejs/node_modules`,
    PYTHONPATH: `${folder}/python`,
  };
}

/** The names that the service leaves to user code, and those that its local runner sets. */
function descriptions({ spec, instanceId, codeFolder, layersFolder }: EnvironmentParts): Record<string, string> {
  const { settings } = spec;
  const { serviceName, functionName } = splitFunctionName(spec.functionName);
  const described: Record<string, string> = {
    FC_RUNTIME: settings.runtime,
    FC_TIMEOUT: String(settings.timeoutSeconds),
    FC_FUNC_CODE_PATH: `${codeFolder}/`,
    FC_ACCOUNT_ID: spec.account,
    FC_FUNCTION_HANDLER: settings.handler,
    FC_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    FC_FUNCTION_NAME: functionName,
    FC_REGION: spec.region,
    FC_INSTANCE_ID: instanceId,
    FC_VER_ID: spec.versionId,
  };
  if (layersFolder !== undefined) described['MEANWHILE_LAYERS_PATH'] = layersFolder;
  if (serviceName !== '') described['FC_SERVICE_NAME'] = serviceName;
  if (settings.initializer !== null) {
    described['FC_INITIALIZER_HANDLER'] = settings.initializer.handler;
    described['FC_INITIALIZATION_TIMEOUT'] = String(settings.initializer.timeoutSeconds);
  }
  return described;
}

/** A function of 2.0 is known as `service$function`; its code sees the two names. */
export function splitFunctionName(name: string): { readonly serviceName: string; readonly functionName: string } {
  return splitServiceFunction(name) ?? { serviceName: '', functionName: name };
}
