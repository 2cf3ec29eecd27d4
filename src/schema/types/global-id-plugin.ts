import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import { catalog, UNKNOWN } from '../../catalog/catalog.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { declaredTypeName, MALFORMED_TYPE_NAME } from '../../catalog/well-formed.ts';
import type { GraphqlContext } from '../context.ts';

const NAME = 'globalId';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      [NAME]: GlobalIdPlugin<Types>;
    }
  }
}

/** The object types of events. */
export const eventTypes: ReadonlySet<string> = new Set([
  ...catalog.map(({ typeName }) => typeName),
  declaredTypeName(UNKNOWN),
  MALFORMED_TYPE_NAME,
]);

/**
 * Resolves the ids of events synchronously. The Relay plugin's id field is asynchronous, which
 * would make every result with an id asynchronous and prevent sharing at publication.
 */
class GlobalIdPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>) {
    if (field.name !== 'id' || !eventTypes.has(field.parentType)) return field;
    const resolve = (event: unknown, _: unknown, context: object) =>
      (context as GraphqlContext).log.eventIds.globalId(event as StoredEvent);
    return { ...field, resolve };
  }
}

SchemaBuilder.registerPlugin(NAME, GlobalIdPlugin);

export default NAME;
