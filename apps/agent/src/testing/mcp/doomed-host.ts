import { systemClock } from '@xem/runtime';
import { stdioTransport } from '../../provider/mcp/stdio-transport.ts';
import { NO_MASK } from '../../run/mask.ts';

/** A process that starts the program of its arguments as an MCP server, tells the pid, and waits to be killed. */
const transport = stdioTransport(
  { kind: 'stdio', argv: process.argv.slice(2), env: { PATH: process.env['PATH'] ?? '' }, cwd: '/' },
  { clock: systemClock(), mask: NO_MASK },
);
await transport.start();
process.send?.({ pid: transport.pid });
process.on('disconnect', () => undefined);
