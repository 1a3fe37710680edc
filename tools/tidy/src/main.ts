import { breachesOf } from './tidy.ts';
import { repositoryTree } from './tree.ts';

const breaches = breachesOf(repositoryTree());
for (const breach of breaches) process.stdout.write(`${breach}\n`);
if (breaches.length > 0) process.exit(1);
