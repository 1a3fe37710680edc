import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBundleRig, SHIPPED_BUNDLES, type BundleRig } from '../testing/bundle-rig.ts';
import { outcome } from '../testing/run-rig.ts';
import { tellingProgram } from '../testing/stand-in-program.ts';
import type { Bundles } from './load.ts';

let rig: BundleRig;
let bundles: Bundles;
beforeEach(() => {
  rig = openBundleRig();
  for (const name of ['kubectl', 'openstack', 'gh']) tellingProgram(rig.folder, name);
  const env = { PATH: `${rig.folder}/programs:${process.env['PATH']}` };
  bundles = rig.load({ toolsDir: SHIPPED_BUNDLES, env });
});
afterEach(() => rig.close());

/** What the program of a tool is given for some arguments. */
const CALLS: [string, Record<string, unknown>, string][] = [
  [
    'kubectl_get',
    { resource: 'pods', namespace: 'default' },
    'get pods --namespace default --output=json --request-timeout=30s',
  ],
  [
    'kubectl_get',
    { resource: 'deployments', all_namespaces: true, selector: 'app=web' },
    'get deployments --all-namespaces --selector app=web --output=json --request-timeout=30s',
  ],
  [
    'kubectl_describe',
    { resource: 'nodes', name: 'worker-1' },
    'describe nodes worker-1 --request-timeout=30s',
  ],
  [
    'kubectl_rollout_status',
    { resource: 'deployment', name: 'web' },
    'rollout status deployment web --watch=false --request-timeout=30s',
  ],
  ['kubectl_pod_list', { namespace: 'a' }, 'get pods --namespace a --output=json --request-timeout=30s'],
  [
    'kubectl_label',
    { resource: 'nodes', name: 'n', labels: ['a=b', 'c-'], overwrite: true },
    'label nodes n a=b c- --overwrite --request-timeout=30s',
  ],
  ['kubectl_drain', { name: 'n' }, 'drain n --ignore-daemonsets --timeout 10m'],
  [
    'kubectl_drain',
    {
      name: 'n',
      ignore_daemonsets: false,
      force: true,
      delete_emptydir_data: true,
      grace_period_seconds: 5,
      timeout: '30s',
    },
    'drain n --delete-emptydir-data --force --grace-period 5 --timeout 30s',
  ],
  [
    'kubectl_scale',
    { resource: 'deployment', name: 'web', replicas: 0, current_replicas: 0 },
    'scale deployment web --replicas 0 --current-replicas 0 --request-timeout=30s',
  ],
  ['openstack_server_list', { status: 'ACTIVE' }, 'server list --format json --status ACTIVE --limit 100'],
  ['openstack_server_show', { server: 'web-1' }, 'server show --format json web-1'],
  ['openstack_server_stop', { server: 'web-1' }, 'server stop web-1'],
  ['openstack_server_reboot', { server: 'web-1' }, 'server reboot --wait --soft web-1'],
  ['openstack_server_reboot', { server: 'web-1', hard: true }, 'server reboot --wait --hard web-1'],
  ['openstack_server_delete', { server: 'web-1' }, 'server delete --wait web-1'],
  ['openstack_console_log', { server: 'web-1' }, 'console log show --lines 200 web-1'],
  ['github.create_repo', { repo: 'octo/hello' }, 'repo create octo/hello --private'],
  [
    'github.create_repo',
    { repo: 'hello', public: true, readme: true },
    'repo create hello --public --add-readme',
  ],
  [
    'github.list_issues',
    { repo: 'octo/hello', search: '-label:bug' },
    'issue list --repo octo/hello --state open --search -label:bug --json number,title,state,author,labels,assignees,createdAt,updatedAt,url --limit 30',
  ],
  [
    'github.create_issue',
    { repo: 'octo/hello', title: '--title', body: '$(id)' },
    'issue create --repo octo/hello --title --title --body $(id)',
  ],
  [
    'github.merge_pull',
    { repo: 'octo/hello', number: 8, head: 'a'.repeat(40), squash: true },
    `pr merge 8 --repo octo/hello --match-head-commit ${'a'.repeat(40)} --squash`,
  ],
  ['github.delete_repo', { repo: 'octo/scratch' }, 'repo delete octo/scratch --yes'],
];

test.each(CALLS)('%s %j gives its program these words', async (tool, args, words) => {
  const { stdout, end } = await outcome(rig.call(bundles, tool, args));
  expect(stdout.trimEnd().split('\n')).toEqual(words.split(' '));
  expect(end.status).toBe('completed');
});

test.each([
  ['kubectl_get', { resource: 'secrets' }],
  ['kubectl_get', { resource: 'secret' }],
  ['kubectl_get', { resource: 'secrets.v1.' }],
  ['kubectl_get', { resource: 'pods,secrets' }],
  ['kubectl_get', { resource: 'pods/web' }],
  ['kubectl_get', { resource: '-A' }],
  ['kubectl_get', { resource: 'pods', name: '--all' }],
  ['kubectl_get', { resource: 'pods', namespace: 'a b' }],
  ['kubectl_describe', { resource: 'secret', name: 'a' }],
  ['kubectl_label', { resource: 'nodes', name: 'n', labels: ['--all'] }],
  ['kubectl_label', { resource: 'nodes', name: 'n', labels: [] }],
  ['kubectl_drain', { name: '--selector=x' }],
  ['kubectl_delete_pod', { pod: 'web-0' }],
  ['kubectl_scale', { resource: 'deployment', name: 'web', replicas: -1 }],
  ['openstack_server_delete', { server: '--all-projects' }],
  ['openstack_server_delete', { server: 'a b' }],
  ['github.create_repo', { repo: '-d' }],
  ['github.create_repo', { repo: 'a/b/c' }],
  ['github.delete_repo', { repo: 'hello' }],
  ['github.merge_pull', { repo: 'octo/hello', number: 8, head: 'main' }],
])('%s refuses %j', (tool, args) => {
  expect(() => rig.call(bundles, tool, args)).toThrow(expect.objectContaining({ code: 'agent_refused' }));
});

test('the bundles of programs declare these risks', () => {
  const domains = new Set(['kubernetes', 'openstack', 'github']);
  const risks = Map.groupBy(
    bundles.tools.filter(({ domain }) => domains.has(domain)),
    ({ risk }) => risk,
  );
  const named = (risk: 'write' | 'destructive' | 'irreversible') => risks.get(risk)?.map(({ name }) => name);
  expect(named('write')).toEqual([
    'github.close_issue',
    'github.comment_issue',
    'github.create_issue',
    'github.create_repo',
    'kubectl_label',
    'kubectl_node_cordon',
    'kubectl_node_uncordon',
    'openstack_server_start',
  ]);
  expect(named('destructive')).toEqual([
    'github.merge_pull',
    'github.run_workflow',
    'kubectl_delete_pod',
    'kubectl_drain',
    'kubectl_rollout_restart',
    'kubectl_scale',
    'openstack_server_reboot',
    'openstack_server_stop',
  ]);
  expect(named('irreversible')).toEqual(['github.delete_repo', 'openstack_server_delete']);
});

test('every shipped tool has an example that its own schema takes', () => {
  for (const { name, parameters } of bundles.tools) {
    const [example] = Array.isArray(parameters['examples']) ? parameters['examples'] : [];
    expect(() => bundles.find(name)?.prepare({ args: example, credentialsRef: null }), name).not.toThrow();
  }
});
