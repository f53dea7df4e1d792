import { Sdk2016 } from '../../support/sdk-2016.ts';
import { functionSuite } from '../fc-2/function-suite.ts';
import { testOlderCoverage, useOlderServer } from '../fc-2/older-bench.ts';
import { serviceSuite } from '../fc-2/service-suite.ts';
import { taskSuite } from '../fc-2/task-suite.ts';
import { versionSuite } from '../fc-2/version-suite.ts';

const bench = useOlderServer((target, log) => new Sdk2016(target, log));

serviceSuite(bench);
versionSuite(bench);
functionSuite(bench);
taskSuite(bench);

/** The qualifier stands in the path here, and the SDK adds the account itself; it has no field for the other two. */
const ELSEWHERE = ['qualifier', 'X-Fc-Account-Id', 'X-Fc-Date', 'X-Fc-Trace-Id', 'InstanceConcurrency'];

testOlderCoverage(bench, (_, member) => !ELSEWHERE.includes(member));
