import { Calls } from './message.ts';

/** The worker of the floor: answers the arguments of each call, all of a message in one. */
const obey = (message: unknown): void => {
  const results = Calls.parse(message).map(([id, args]) => [id, JSON.stringify(JSON.parse(args))]);
  process.send?.(results);
};

process.on('disconnect', () => process.exit(0));
process.on('message', obey);
