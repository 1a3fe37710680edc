export * from './record/access.ts';
export * from './record/agent.ts';
export * from './record/invocation.ts';
export * from './record/maintenance.ts';
export { setScene, systemMaking, type Scene } from './scene.ts';
export { openTestStore, type TestStore } from './test-store.ts';
export { changeEntry, makeNewerDatabase, makeOlderDatabase } from './other-version.ts';
