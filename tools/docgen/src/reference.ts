import { cliPage } from './page/cli.ts';
import { errorsPage } from './page/errors.ts';
import { eventsPage } from './page/events.ts';
import { framesPage } from './page/frames.ts';
import { metricsPage } from './page/metrics.ts';
import { openApiPage } from './page/openapi.ts';
import { operationsPage } from './page/operations.ts';
import { settingsPage } from './page/settings.ts';
import { statesPage } from './page/states.ts';

import { wirePage } from './page/wire/wire.ts';

/** Every generated page by its name in the folder of the reference. */
export const referencePages = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['errors.md', errorsPage()],
    ['operations.md', operationsPage()],
    ['frames.md', framesPage()],
    ['wire.md', wirePage()],
    ['settings.md', settingsPage()],
    ['metrics.md', metricsPage()],
    ['states.md', statesPage()],
    ['events.md', eventsPage()],
    ['cli.md', await cliPage()],
    ['openapi.json', openApiPage()],
  ]);
