import { verb, type Noun } from '../entry.ts';

export const projectNoun: Noun = {
  brief: 'See the project, and hold all of its work',
  alone: 'show',
  entries: {
    show: verb('Show the project', ['project.get'], async () => (await import('./project.ts')).show),
    pause: verb(
      'Hold all queued work; what runs goes on',
      ['project.pause'],
      async () => (await import('./project.ts')).pause,
    ),
    resume: verb('Let work go on', ['project.resume'], async () => (await import('./project.ts')).resume),
  },
};
