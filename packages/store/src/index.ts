export * from './record/access.ts';
export * from './record/agent.ts';
export * from './record/approval.ts';
export * from './record/execution.ts';
export * from './record/invocation.ts';
export * from './store.ts';
export * from './journal.ts';
export * from './output.ts';
