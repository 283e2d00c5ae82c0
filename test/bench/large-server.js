/** The large benchmark's server, a process of its own: the sandbox, its newest minute day at the vendor's true size. Lives as long as its parent. */
import { startSandbox } from '#sandbox/start.js';
import { NOW } from './market.js';

const sandbox = await startSandbox({ now: new Date(NOW), trueSizes: true, trueDays: 1 });
const { endpoint, credentials } = sandbox;
process.on('disconnect', async () => {
  // With the large days that it made.
  await sandbox.close();
  process.exit(0);
});
process.send({ endpoint, credentials });
