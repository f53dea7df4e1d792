import { firstSchema } from './0001-first-schema.ts';
import { payloadForm } from './0002-payload-form.ts';
import { fewerWrites } from './0003-fewer-writes.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [firstSchema, payloadForm, fewerWrites];
