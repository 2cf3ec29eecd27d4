import { writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { schema } from '../dist/schema/schema.js';

// Writes schema.graphql, or the file that is named, from the built code.
writeFileSync(process.argv[2] ?? 'schema.graphql', `${printSchema(schema)}\n`);
