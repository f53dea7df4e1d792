/** What more nodes on one database give, and what a task costs that database. */
import type { Case, Measurement, Work } from '../work.ts';
import type { Contender } from '../contender.ts';
import type { Scale } from '../scale.ts';
import { measureDrain } from './drain.ts';
import { measureEndToEnd } from './end-to-end.ts';

const NODES = [1, 2, 3];
const COSTS =
  'The database is one server; its CPU time is that of all its processes. A node of a library is a process that submits and one that works.';

export const nodes: Work = {
  name: 'nodes',
  title: 'Nodes, end to end',
  description: `Tasks are submitted to so many nodes, at 64 connections in all, and run there: tasks a second from the first accept until the last is recorded as ended. ${COSTS}`,
  isFor: canShare,
  cases: ({ sharedTasks }: Scale) =>
    casesOf((contender, count) => measureEndToEnd(contender, { count: sharedTasks, nodes: count, isBounded: false })),
};

export const nodesDrain: Work = {
  name: 'nodes-drain',
  title: 'Nodes, drain',
  description: `A backlog is let go at once to so many nodes: tasks a second from then until the last is recorded as ended. What it cost to submit is not in these figures. ${COSTS}`,
  isFor: canShare,
  cases: ({ backlogTasks }: Scale) =>
    casesOf((contender, count) => measureDrain(contender, { count: backlogTasks, nodes: count })),
};

function canShare(contender: Contender): boolean {
  return contender.canShare === true;
}

type Measure = (contender: Contender, nodes: number) => Promise<readonly Measurement[] | undefined>;

function casesOf(measure: Measure): readonly Case[] {
  return NODES.map((count) => ({
    name: count === 1 ? '1 node' : `${count} nodes`,
    measure: (contender) => measure(contender, count),
  }));
}
