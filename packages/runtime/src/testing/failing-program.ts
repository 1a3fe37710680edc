import { runProgram, SettingError } from '../index.ts';

await runProgram('failing', async () => {
  throw process.argv[2] === 'setting' ? new SettingError('--port: not a number') : new Error('no luck');
});
