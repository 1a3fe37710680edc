export { systemClock, toTimestamp, toTimestampOrNull, type Cancel, type Clock } from './clock.ts';
export { wallOffsetOf } from './wall-offset.ts';
export {
  flagLines,
  flagsOf,
  HopelessStartError,
  readSettings,
  SettingError,
  type SettingSources,
  type SettingValues,
} from './config.ts';
export { CRASH_AFTER_SEND_MS, crashPointOf, type CrashPoint } from './crash-point.ts';
export { formatUuidV7, systemIds, type IdSource } from './id.ts';
export { createLifecycle, stopOnSignals, type Lifecycle } from './lifecycle.ts';
export { EXIT_CONFIG, runProgram } from './program.ts';
export { atTurnEnd } from './turn.ts';
export { createLog, LOG_LEVELS, silentLog, type Log, type LogFields, type LogLevel } from './log.ts';
