import { breachesOf, COVERAGE, LAWS } from './tidy.ts';
import { repositoryTree } from './tree.ts';

const tree = repositoryTree();
const rules = process.argv.includes('--coverage') ? { ...LAWS, ...COVERAGE } : LAWS;
const breaches = breachesOf(tree, rules);
for (const breach of breaches) process.stdout.write(`${breach}\n`);
if (breaches.length > 0) process.exit(1);
