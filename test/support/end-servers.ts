/** Loaded before each test file that starts servers: when it is over, no server and no data folder of it is left. */
import { afterAll } from 'vitest';
import { endServers } from './server.ts';

afterAll(endServers);
