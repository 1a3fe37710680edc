export { openSimulatedRouter, type SimulatedParts } from './simulated-router.ts';
