import type { Builtin } from '../builtin.ts';
import { demoNoop } from './demo-noop.ts';
import { fileRead } from './file-read.ts';
import { fileWrite } from './file-write.ts';
import { hostDiskUsage } from './host-disk-usage.ts';
import { hostInfo } from './host-info.ts';
import { hostProcesses } from './host-processes.ts';
import { serviceRestart, serviceStatus } from './service.ts';

/** The functions that a bundle may name as `builtin`. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ['demo_noop', demoNoop],
  ['file_read', fileRead],
  ['file_write', fileWrite],
  ['host_disk_usage', hostDiskUsage],
  ['host_info', hostInfo],
  ['host_processes', hostProcesses],
  ['service_restart', serviceRestart],
  ['service_status', serviceStatus],
]);
