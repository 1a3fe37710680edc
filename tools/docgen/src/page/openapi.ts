import { openApiDocument } from '@xem/router/openapi';
import packageJson from '../../package.json' with { type: 'json' };

/** The OpenAPI document that a router serves, as a file. */
export const openApiPage = (): string => `${JSON.stringify(openApiDocument(packageJson.version), null, 2)}\n`;
