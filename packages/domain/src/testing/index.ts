export * from './agent.ts';
export * from './identity.ts';
export * from './world.ts';
export * from './call.ts';
export * from './people.ts';
export * from './rivals.ts';
export * from './credit.ts';
