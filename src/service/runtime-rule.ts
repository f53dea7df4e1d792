/** Which runtimes a function may name, and whether it then has code. */
import { invalidArgument } from '../core/errors.ts';
import type { PackageAdmission } from './service-context.ts';

/** Those of Function Compute, from its metadata and its fc3 tool: a caller learns that the name was right. */
const FUNCTION_COMPUTE_RUNTIMES = new Set([
  ...['nodejs8', 'nodejs10', 'nodejs12', 'nodejs14', 'nodejs16', 'nodejs18', 'nodejs20'],
  ...['python2.7', 'python3', 'python3.9', 'python3.10', 'python3.12'],
  ...['java8', 'java11', 'php7.2', 'go1', 'dotnetcore2.1', 'dotnetcore3.1'],
  ...['custom', 'custom.debian10', 'custom.debian11', 'custom.debian12', 'custom-container', 'micro-sandbox'],
]);

/** Throws `InvalidArgument` in the words of the real service, with what is allowed here. */
export function checkRuntime(runtime: string, packages: PackageAdmission): void {
  if (packages.runtimes.includes(runtime)) return;
  const hint = FUNCTION_COMPUTE_RUNTIMES.has(runtime) ? `; functions of ${runtime} do not run here` : '';
  throw invalidArgument(
    `Runtime is set to an invalid value (allowed: ${packages.runtimes.join(' | ')}, actual: '${runtime}')${hint}`,
  );
}

/** Throws `InvalidArgument` when a function of this runtime is given code and runs none, or has none and needs some. */
export function checkCodeGiven(runtime: string, hasCode: boolean, packages: PackageAdmission): void {
  if (hasCode === packages.needsCode(runtime)) return;
  throw invalidArgument(hasCode ? `a function of runtime ${runtime} has no code: leave it out` : 'code is required');
}
