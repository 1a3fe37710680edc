import { AGENT_METRICS, PROCESS_METRICS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { resultOf, useAgentRig } from '../testing/agent-rig.ts';

const URL_IN = /"url":"(?<url>http:[^"]+)"/;

test('xem-agent tells its metrics on the port that its settings name', { timeout: 120_000 }, async () => {
  const rig = await useAgentRig();
  const agent = rig.start({ XEM_METRICS_PORT: '0', XEM_LOG_LEVEL: 'info' });
  await agent.says('agent.ready');
  const url = URL_IN.exec(agent.words())?.groups?.['url'] ?? '';
  const work = await rig.order({ tool: 'demo_echo' });
  await rig.router.dispatch(work);
  await resultOf(rig, work);
  const text = await (await fetch(url)).text();
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name).toSorted();
  expect(names).toEqual([...Object.keys(AGENT_METRICS), ...Object.keys(PROCESS_METRICS)].toSorted());
  expect(text).toContain('xem_agent_runs_ended_total{status="completed"} 1');
  expect(text).toContain('xem_agent_session_open 1');
  expect(text).toContain('xem_agent_sessions_total 1');
});
