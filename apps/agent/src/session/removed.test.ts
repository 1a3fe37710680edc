import { expect, test } from 'vitest';
import { useAgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };

test(
  'session.refused ends an agent whose CURVE key was removed with 78, and not before three tries',
  LONG,
  async () => {
    const { router, start } = await useAgentRig();
    const agent = start();
    await router.until(() => router.of('lease_renewal').length > 0);
    router.script.admits = false;
    router.mesh.close((await router.session()).name, { code: 'unavailable', message: 'test' });
    expect(await agent.exit).toEqual({ code: 78, signal: null });
    expect(agent.words()).toContain('curve_key_rejected');
    expect(agent.words()).toContain('To enrol again');
    expect(agent.words().match(/"code":"auth"/g)).toHaveLength(3);
  },
);
