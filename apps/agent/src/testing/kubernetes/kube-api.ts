import type { ServerResponse } from 'node:http';
import { openRecordingServer, type Asked, type RecordingServer } from '../recording-server.ts';

type Json = Record<string, unknown>;

/** A small cluster behind as much of the Kubernetes API as kubectl asks for. */
export interface KubeApi {
  readonly server: RecordingServer;
  /** A kubeconfig that leads here. */
  readonly kubeconfig: string;
  /** Its nodes, pods and the deployment `web`, as they are now. */
  readonly cluster: Cluster;
  close(): Promise<void>;
}

const verbs = ['get', 'list', 'patch', 'update', 'delete', 'create'];
const kind = (name: string, words: Json): Json => ({
  name,
  singularName: '',
  namespaced: true,
  verbs,
  ...words,
});

const DISCOVERY: Readonly<Record<string, Json>> = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    groups: ['policy', 'apps'].map((name) => {
      const version = { groupVersion: `${name}/v1`, version: 'v1' };
      return { name, versions: [version], preferredVersion: version };
    }),
  },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      kind('pods', { kind: 'Pod', shortNames: ['po'] }),
      kind('pods/eviction', { kind: 'Eviction', group: 'policy', version: 'v1' }),
      kind('pods/log', { kind: 'Pod' }),
      kind('nodes', { kind: 'Node', namespaced: false }),
      kind('events', { kind: 'Event' }),
    ],
  },
  '/apis/policy/v1': {
    kind: 'APIResourceList',
    groupVersion: 'policy/v1',
    resources: [kind('poddisruptionbudgets', { kind: 'PodDisruptionBudget', shortNames: ['pdb'] })],
  },
  '/apis/apps/v1': {
    kind: 'APIResourceList',
    groupVersion: 'apps/v1',
    resources: [
      kind('deployments', { kind: 'Deployment' }),
      kind('deployments/scale', { kind: 'Scale', group: 'autoscaling', version: 'v1' }),
      kind('replicasets', { kind: 'ReplicaSet' }),
    ],
  },
};

const pod = (name: string, node: string): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'uid-web', controller: true },
    ],
  },
  spec: { nodeName: node, containers: [{ name: 'main', image: 'web:1' }] },
  status: { phase: 'Running' },
});

const node = (name: string): Json => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `uid-${name}`, labels: { zone: 'a' }, resourceVersion: '1' },
  spec: {},
});

const deployment = (): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: 'uid-deployment', resourceVersion: '1' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: {}, spec: {} } },
});

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A merge patch, RFC 7386; kubectl's strategic ones are the same for what these tools change. */
function merge(into: Json, patch: Json): Json {
  const merged = { ...into };
  for (const [name, value] of Object.entries(patch)) {
    const below = merged[name];
    if (value === null) delete merged[name];
    else merged[name] = isJson(value) ? merge(isJson(below) ? below : {}, value) : value;
  }
  return merged;
}

const list = (name: string, items: Iterable<Json>): Json => ({
  kind: `${name}List`,
  apiVersion: 'v1',
  metadata: {},
  items: [...items],
});

const failure = (code: number, reason: string): Json => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message: reason,
});

const scaleOf = ({ metadata, spec }: Json): Json => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata,
  spec: { replicas: isJson(spec) ? spec['replicas'] : 0 },
});

interface Cluster {
  readonly nodes: Map<string, Json>;
  readonly pods: Map<string, Json>;
  deployment: Json;
}

/** Gets or patches one object. */
function change(objects: Map<string, Json>, name: string, { method, body }: Asked): Json | null {
  const found = objects.get(name);
  if (!found) return null;
  if (method === 'PATCH') objects.set(name, merge(found, JSON.parse(body)));
  return objects.get(name) ?? null;
}

function answerPod(
  cluster: Cluster,
  asked: Asked,
  [name = '', below]: readonly string[],
): Json | string | null {
  const found = cluster.pods.get(name);
  if (!found) return null;
  if (below === 'log') return `a line of ${name}\n`;
  if (asked.method === 'DELETE' || below === 'eviction') {
    cluster.pods.delete(name);
    return { kind: 'Status', apiVersion: 'v1', status: 'Success' };
  }
  return found;
}

function answer(cluster: Cluster, asked: Asked): Json | string | null {
  const { pathname, searchParams } = new URL(asked.target, 'http://x');
  const known = DISCOVERY[pathname];
  if (known) return known;
  const steps = pathname.split('/').slice(1);
  const path = steps.join('/');
  if (path === 'api/v1/nodes') return list('Node', cluster.nodes.values());
  if (path.startsWith('api/v1/nodes/')) return change(cluster.nodes, steps[3] ?? '', asked);
  if (path.startsWith('api/v1/namespaces/default/pods/')) return answerPod(cluster, asked, steps.slice(5));
  if (path === 'api/v1/pods' || path === 'api/v1/namespaces/default/pods') {
    const wanted = /spec\.nodeName=([a-z0-9-]+)/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
    const pods = [...cluster.pods.values()].filter(
      (one) => !wanted || JSON.stringify(one).includes(`"nodeName":"${wanted}"`),
    );
    return list('Pod', pods);
  }
  if (path.includes('poddisruptionbudgets')) return list('PodDisruptionBudget', []);
  if (path.includes('apps/v1/namespaces/default/deployments/web')) {
    if (asked.method === 'PATCH') cluster.deployment = merge(cluster.deployment, JSON.parse(asked.body));
    return path.endsWith('/scale') ? scaleOf(cluster.deployment) : cluster.deployment;
  }
  return path.endsWith('/replicasets/web')
    ? { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web' } }
    : null;
}

function send(response: ServerResponse, said: Json | string | null): void {
  if (typeof said === 'string')
    return void response.writeHead(200, { 'content-type': 'text/plain' }).end(said);
  const body = said ?? failure(404, 'NotFound');
  response.writeHead(said ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A cluster of two nodes; two pods of one deployment run on the first. */
export async function openKubeApi(): Promise<KubeApi> {
  const cluster: Cluster = {
    nodes: new Map(['worker-1', 'worker-2'].map((name) => [name, node(name)])),
    pods: new Map(['web-0', 'web-1'].map((name) => [name, pod(name, 'worker-1')])),
    deployment: deployment(),
  };
  const server = await openRecordingServer((asked, response) => send(response, answer(cluster, asked)));
  const context = { name: 'test', context: { cluster: 'test', user: 'test' } };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: `http://${server.host}` } }],
    users: [{ name: 'test', user: {} }],
    contexts: [context],
    'current-context': 'test',
  };
  return { server, kubeconfig: JSON.stringify(kubeconfig), cluster, close: () => server.close() };
}
