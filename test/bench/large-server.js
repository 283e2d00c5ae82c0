/** The large benchmark's server, a process of its own: the sandbox, its newest minute day at the vendor's true size. Lives as long as its parent. */
import { startSandbox } from '../../dist/sandbox/start.js';
import { NOW } from './market.js';

process.on('disconnect', () => process.exit(0));
const sandbox = await startSandbox({ now: new Date(NOW), trueSizes: true, trueDays: 1 });
const { endpoint, credentials } = sandbox;
process.send({ endpoint, credentials });
