import { createLifecycle, stopOnSignals } from '../lifecycle.ts';
import { silentLog } from '../log.ts';

/**
 * A program that owns one thing. Its arguments say how long a stop may take, in milliseconds, whether the thing ever
 * closes, and whether it has a use for SIGHUP.
 */
const [, , graceMs = '1000', manner = 'closes', ear = 'deaf'] = process.argv;
const lifecycle = createLifecycle(silentLog);
lifecycle.own('thing', () => (manner === 'closes' ? Promise.resolve() : new Promise<void>(() => undefined)));
const onHangup = (): void => void process.send?.('SIGHUP');
stopOnSignals({
  log: silentLog,
  lifecycle,
  graceMs: Number(graceMs),
  ...(ear === 'hears' ? { onHangup } : {}),
});
process.send?.('ready');
