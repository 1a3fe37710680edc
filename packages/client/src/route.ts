import type * as protocol from '@xem/protocol';
import { OPERATIONS, type InputOf, type Operation, type OutputOf } from '@xem/protocol';

type Exported = (typeof protocol)[keyof typeof protocol];
type Declared = Extract<Exported, { readonly id: string; readonly method: string; readonly input: object }>;

/** The name of an operation: `noun.verb`. */
export type OperationId = Declared['id'];

type Named<Id extends OperationId> = Extract<Declared, { readonly id: Id }>;

/** What an operation takes, as it is sent. */
export type Input<Id extends OperationId> = Named<Id> extends Operation ? InputOf<Named<Id>> : never;

/** What an operation answers. */
export type Output<Id extends OperationId> = Named<Id> extends Operation ? OutputOf<Named<Id>> : never;

/** All that sending a request takes of an operation; an operation itself is one. */
export interface Route<Id extends OperationId = OperationId> {
  readonly id: Id;
  readonly method: Operation['method'];
  readonly path: string;
}

/** A route for each operation, by its name. */
export type Routes = { readonly [Id in OperationId]: Route<Id> };

/**
 * The table of operations without its schemas. A build may put the plain rows in the place of this module, which
 * leaves the schemas out of a bundle.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every row is filed under its own name
export const ROUTES = Object.fromEntries(
  OPERATIONS.map(({ id, method, path }) => [id, { id, method, path }]),
) as Routes;
