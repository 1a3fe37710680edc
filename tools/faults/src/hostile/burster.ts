import { openRawLine } from './wire.ts';

/** Sends as fast as it can until it is killed, which resets its line in the middle of a frame. */
const [endpoint = '', routerCurveKey = '', publicKey = '', secretKey = ''] = process.argv.slice(2);
const line = openRawLine({ endpoint, routerCurveKey, curve: { publicKey, secretKey } });
const frame = [Buffer.from('lease_renewal'), Buffer.from([0x81, 0xa1, 0x76, 0x01])];
process.send?.('sending');
while (await line.send(frame));
