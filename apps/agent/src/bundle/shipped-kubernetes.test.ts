import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveProgram } from '../run/resolve-program.ts';
import { openBundleRig, SHIPPED_BUNDLES, type BundleRig } from '../testing/bundle-rig.ts';
import { openKubeApi, type KubeApi } from '../testing/kubernetes/kube-api.ts';
import { outcome } from '../testing/run-rig.ts';
import { standInProgram } from '../testing/stand-in-program.ts';

const LONG = { timeout: 120_000 };
const STAND_IN = fileURLToPath(new URL('../testing/kubernetes/kubectl.mjs', import.meta.url));
const PATH = process.env['PATH'] ?? '';

let rig: BundleRig;
let api: KubeApi;
beforeEach(async () => {
  rig = openBundleRig();
  api = await openKubeApi();
});
afterEach(async () => {
  await rig.close();
  await api.close();
});

/** The programs to try: one of kubectl's shape, and kubectl itself where it is installed. */
const PROGRAMS = ['a stand-in', ...(resolveProgram('kubectl', PATH) === null ? [] : ['kubectl'])];

/** Calls of tools against the cluster, by a program. */
function useCluster(program: string) {
  const kubeconfig = `${rig.folder}/kubeconfig`;
  writeFileSync(kubeconfig, api.kubeconfig);
  const programs =
    program === 'kubectl' ? PATH : `${standInProgram(rig.folder, 'kubectl', STAND_IN)}:${PATH}`;
  const env = { PATH: programs, HOME: rig.folder, KUBECONFIG: kubeconfig };
  const bundles = rig.load({ toolsDir: SHIPPED_BUNDLES, env });
  return (tool: string, args: Record<string, unknown>) => outcome(rig.call(bundles, tool, args));
}

const namesOf = (stdout: string): unknown =>
  JSON.parse(stdout).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

test.each(PROGRAMS)('the kubernetes bundle reads a cluster by %s', LONG, async (program) => {
  const call = useCluster(program);
  const pods = await call('kubectl_get', { resource: 'pods', namespace: 'default' });
  expect(pods.end).toMatchObject({ status: 'completed', exit_code: 0 });
  expect(namesOf(pods.stdout)).toEqual(['web-0', 'web-1']);
  expect(namesOf((await call('kubectl_pod_list', {})).stdout)).toEqual(['web-0', 'web-1']);
  expect(namesOf((await call('kubectl_pdb_list', {})).stdout)).toEqual([]);
  expect((await call('kubectl_logs', { pod: 'web-0', namespace: 'default', lines: 5 })).stdout.trim()).toBe(
    'a line of web-0',
  );
  expect(api.server.asked.at(-1)?.target).toContain('tailLines=5');
  const none = await call('kubectl_get', { resource: 'pods', name: 'web-9', namespace: 'default' });
  expect(none.end).toMatchObject({ status: 'failed', exit_code: 1 });
  expect(none.stderr).toContain('NotFound');
});

test.each(PROGRAMS)('the kubernetes bundle changes a cluster by %s', LONG, async (program) => {
  const call = useCluster(program);
  const { nodes, pods } = api.cluster;
  await call('kubectl_label', { resource: 'nodes', name: 'worker-2', labels: ['tier=edge', 'zone-'] });
  expect(nodes.get('worker-2')).toMatchObject({ metadata: { labels: { tier: 'edge' } } });
  await call('kubectl_node_cordon', { name: 'worker-2' });
  expect(nodes.get('worker-2')).toMatchObject({ spec: { unschedulable: true } });
  await call('kubectl_node_uncordon', { name: 'worker-2' });
  expect(nodes.get('worker-2')).toMatchObject({ spec: {} });
  await call('kubectl_scale', { resource: 'deployment', name: 'web', namespace: 'default', replicas: 5 });
  expect(api.cluster.deployment).toMatchObject({ spec: { replicas: 5 } });
  await call('kubectl_delete_pod', { pod: 'web-1', namespace: 'default' });
  expect([...pods.keys()]).toEqual(['web-0']);
  const drained = await call('kubectl_drain', { name: 'worker-1' });
  expect(drained).toMatchObject({
    end: { status: 'completed' },
    stdout: expect.stringContaining('node/worker-1 drained'),
  });
  expect([...pods.keys()]).toEqual([]);
  expect(nodes.get('worker-1')).toMatchObject({ spec: { unschedulable: true } });
});
