import { verb, type Noun } from '../entry.ts';

export const projectNoun: Noun = {
  brief: 'See the project, what it may send and must pay, and hold all of its work',
  alone: 'show',
  entries: {
    show: verb('Show the project', ['project.get'], async () => (await import('./project.ts')).show),
    update: verb(
      'Change its name, plan, rate, billing or tariff',
      ['project.update'],
      async () => (await import('./update.ts')).update,
    ),
    'top-up': verb('Grant it credits', ['project.top_up'], async () => (await import('./top-up.ts')).topUp),
    pause: verb(
      'Hold all queued work; what runs goes on',
      ['project.pause'],
      async () => (await import('./project.ts')).pause,
    ),
    resume: verb('Let work go on', ['project.resume'], async () => (await import('./project.ts')).resume),
  },
};

/** What stands beside the project on its own. */
export const usageVerb = verb(
  'Show what was used, by day, tool or workspace',
  ['usage.report'],
  async () => (await import('./usage.ts')).usage,
);
