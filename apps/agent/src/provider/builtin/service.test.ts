import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Builtin, BuiltinResult } from '../builtin.ts';
import { serviceRestart, serviceStatus } from './service.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xem-service-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program on the path; it notes its arguments first. */
const install = (name: string, script: string): void =>
  writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >>"${folder}/asked"\n${script}\n`, {
    mode: 0o755,
  });

const asked = (): string[] => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

const call = async (builtin: Builtin, service: unknown): Promise<BuiltinResult> => {
  const { signal } = new AbortController();
  return builtin({ service }, { signal, root: '/srv', env: { PATH: folder }, outputBytesMax: 1000 });
};

const SYSTEMD = `case $1 in
is-system-running) echo degraded; exit 1 ;;
show) echo LoadState=loaded; echo ActiveState=active; echo MainPID=42; echo "Description=a = b" ;;
esac`;

test('service_status asks systemd', async () => {
  install('systemctl', SYSTEMD);
  const { exitCode, stdout } = await call(serviceStatus, 'nginx');
  expect(exitCode).toBe(0);
  expect(JSON.parse(String(stdout))).toEqual({
    service: 'nginx',
    manager: 'systemd',
    load_state: 'loaded',
    active_state: 'active',
    main_pid: 42,
    description: 'a = b',
  });
});

test('service_restart restarts by systemd and tells the state', async () => {
  install('systemctl', SYSTEMD);
  const { stdout } = await call(serviceRestart, 'nginx');
  expect(JSON.parse(String(stdout))).toMatchObject({ active_state: 'active' });
  expect(asked()[1]).toBe('systemctl restart -- nginx');
});

test('service_restart tells why systemd did not', async () => {
  install(
    'systemctl',
    `${SYSTEMD}\n[ "$1" = restart ] && { echo "Unit nginx.service not found." >&2; exit 5; }; exit 0`,
  );
  expect(await call(serviceRestart, 'nginx')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'Unit nginx.service not found.\n',
  });
});

test.each([
  ['runs', 'echo "nginx is running."', 'active'],
  ['does not run', 'echo "nginx is not running."; exit 3', 'inactive'],
])('service_status asks the service program about one that %s where systemd does not run', async (...row) => {
  const [, script, state] = row;
  install('systemctl', 'echo offline; exit 1');
  install('service', script);
  const { stdout } = await call(serviceStatus, 'nginx');
  expect(JSON.parse(String(stdout))).toMatchObject({ manager: 'sysv', active_state: state });
  expect(asked()[1]).toBe('service nginx status');
});

test.each([
  ['a host without a service manager', '', /no service manager/],
  ['a service that there is not', 'echo "nginx: unrecognized service" >&2; exit 1', /no service nginx/],
])('service_status fails on %s', async (_, script, message) => {
  if (script !== '') install('service', script);
  await expect(call(serviceStatus, 'nginx')).rejects.toThrow(message);
});

test.each([['-H'], ['--host=evil'], ['a b'], ['../../x'], [''], [5], ['a\nb']])(
  'service_restart refuses %j for a name',
  async (name) => {
    install('systemctl', SYSTEMD);
    await expect(call(serviceRestart, name)).rejects.toThrow();
  },
);
