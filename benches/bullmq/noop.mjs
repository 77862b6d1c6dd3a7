// Jobs that do nothing through BullMQ. `node noop.mjs work PORT` is a worker; `node noop.mjs drive PORT` prints its name, and for
// each line that it reads, how many jobs and how many of them are added by one call, has them done and prints the seconds from
// the first that is made to the last whose end is recorded.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Queue, Worker } from 'bullmq';

// Jobs that are on their way to the queue at once, and in the worker: as many as Pupila has.
const IN_FLIGHT = 256;
const POLL_MS = 5;

const [role, port] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port) };

if (role === 'work') {
  new Worker('noop', async () => null, { connection, concurrency: IN_FLIGHT });
} else {
  const queue = new Queue('noop', { connection });
  const ended = async () => (await queue.getJobCounts('completed')).completed;
  const version = createRequire(import.meta.url)('bullmq/package.json').version;
  console.log(`BullMQ ${version}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [count, together] = line.split(' ').map(Number);
    const jobs = Array.from({ length: together }, () => ({ name: 'noop', data: {} }));
    const add = () => (together === 1 ? queue.add('noop', {}) : queue.addBulk(jobs));
    const before = await ended();
    const start = performance.now();
    let left = count / together;
    await Promise.all(
      Array.from({ length: Math.ceil(IN_FLIGHT / together) }, async () => {
        while (left-- > 0) await add();
      }),
    );
    while ((await ended()) - before < count) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    console.log((performance.now() - start) / 1e3);
  }
  process.exit(0);
}
