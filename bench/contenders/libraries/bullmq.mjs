/** What BullMQ does alike on both of its backends. `backend` is the trailing argument of its classes, if any. */
import { Queue, Worker } from 'bullmq';

const QUEUE = 'bench';

export function bullmqOn(connectionTo, ...backend) {
  return {
    async openProducer(url) {
      const queue = new Queue(QUEUE, { connection: connectionTo(url) }, ...backend);
      await queue.waitUntilReady();
      return {
        add: (payload) => queue.add('noop', payload),
        addMany: (payloads) => queue.addBulk(payloads.map((data) => ({ name: 'noop', data }))),
        unfinished: () => queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized'),
      };
    },

    async openWorker(url, handle) {
      const options = { connection: connectionTo(url), concurrency: 100 };
      const worker = new Worker(QUEUE, async ({ data }) => handle(data), options, ...backend);
      await worker.waitUntilReady();
      return () => worker.close();
    },
  };
}
