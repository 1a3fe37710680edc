import { createLifecycle, stopOnSignals } from '../lifecycle.ts';
import { silentLog } from '../log.ts';

/** A program that owns one thing. Its argument says how long a stop may take, in milliseconds, and whether the thing ever closes. */
const [, , graceMs = '1000', manner = 'closes'] = process.argv;
const lifecycle = createLifecycle(silentLog);
lifecycle.own('thing', () => (manner === 'closes' ? Promise.resolve() : new Promise<void>(() => undefined)));
stopOnSignals({ log: silentLog, lifecycle, graceMs: Number(graceMs) });
process.send?.('ready');
