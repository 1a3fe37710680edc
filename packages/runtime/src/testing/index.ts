export { lastWords } from './last-words.ts';
export { recordingLog, type LoggedLine } from './recording-log.ts';
export { seededIds } from './seeded-ids.ts';
export { virtualClock, type VirtualClock } from './virtual-clock.ts';
