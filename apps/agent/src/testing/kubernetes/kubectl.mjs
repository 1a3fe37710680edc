import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** A program of kubectl's shape: takes the words that the bundle gives it and no others, and asks the same cluster. */
const { KUBECONFIG } = process.env;
const { server } = JSON.parse(readFileSync(KUBECONFIG, 'utf8')).clusters[0].cluster;
const text = { type: 'string' };
const flag = { type: 'boolean' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    namespace: text,
    'all-namespaces': flag,
    selector: text,
    'field-selector': text,
    output: text,
    'request-timeout': text,
    overwrite: flag,
    tail: text,
    'ignore-daemonsets': flag,
    timeout: text,
    replicas: text,
    wait: text,
  },
});

async function ask(path, method = 'GET', body) {
  const response = await fetch(`${server}${path}`, { method, body: body && JSON.stringify(body) });
  const said = await response.text();
  if (response.ok) return said;
  process.stderr.write(`Error from server (${JSON.parse(said).reason})\n`);
  return process.exit(1);
}

const [verb, ...words] = positionals;
const inNamespace = `/namespaces/${values.namespace ?? 'default'}`;
const PATHS = {
  pods: values['all-namespaces'] ? '/api/v1/pods' : `/api/v1${inNamespace}/pods`,
  nodes: '/api/v1/nodes',
  'poddisruptionbudgets.policy': '/apis/policy/v1/poddisruptionbudgets',
  deployment: `/apis/apps/v1${inNamespace}/deployments`,
};
const pathOf = (resource, name) => [PATHS[resource], name].filter(Boolean).join('/');

const labelsOf = (labels) =>
  Object.fromEntries(
    labels.map((label) => (label.endsWith('-') ? [label.slice(0, -1), null] : label.split('='))),
  );

async function drain(node) {
  await ask(pathOf('nodes', node), 'PATCH', { spec: { unschedulable: true } });
  const { items } = JSON.parse(await ask(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`));
  for (const { metadata } of items) {
    await ask(`/api/v1/namespaces/default/pods/${metadata.name}/eviction`, 'POST', { kind: 'Eviction' });
  }
  return `node/${node} drained`;
}

const VERBS = {
  get: (resource, name) => ask(pathOf(resource, name)),
  logs: (pod) => ask(`/api/v1${inNamespace}/pods/${pod}/log?tailLines=${values.tail}`),
  label: async (resource, name, ...labels) => {
    await ask(pathOf(resource, name), 'PATCH', { metadata: { labels: labelsOf(labels) } });
    return 'labeled';
  },
  cordon: (node) => ask(pathOf('nodes', node), 'PATCH', { spec: { unschedulable: true } }),
  uncordon: (node) => ask(pathOf('nodes', node), 'PATCH', { spec: { unschedulable: null } }),
  drain,
  scale: (resource, name) =>
    ask(`${pathOf(resource, name)}/scale`, 'PATCH', { spec: { replicas: Number(values.replicas) } }),
  delete: (resource, name) => ask(pathOf(`${resource}s`, name), 'DELETE'),
};

process.stdout.write(`${await VERBS[verb](...words)}\n`);
