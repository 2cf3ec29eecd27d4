import { rightsOf } from '../../auth/viewer.ts';
import { builder } from '../builder.ts';
import { READS } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';
import { TypeCount } from '../queries/event-counts.ts';
import { loadersOf, visibilityOf } from '../queries/loaders.ts';
import { readEventsOf } from '../queries/nested-pages.ts';
import { PAGE_NOTE } from '../queries/page.ts';
import { pure } from '../subscriptions/analyze-sharing.ts';
import { withExample } from '../with-example.ts';
import { besideEvents, NEVER_NULL } from './beside-events.ts';
import { EventConnection, EventEdge, eventsArguments } from './event-connection.ts';
import { EventInterface } from './event-interface.ts';
import { InstallationNode, InstallationRef } from './nodes.ts';

const INSTALLATION_EXAMPLE = 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f';
const INSTANT = '2021-09-14T15:55:12.642Z';

/** Returns installations by their ids, null for one without an event that the viewer may see. */
async function findInstallations(
  ids: readonly string[],
  context: GraphqlContext,
): Promise<(InstallationNode | null)[]> {
  const span = { after: 0, upTo: context.log.tailer.head() };
  const { userIds } = visibilityOf(context);
  const loader = loadersOf(context).events(
    'installationId',
    { userIds },
    { span, limit: 1, direction: 'backward' },
  );
  return Promise.all(
    ids.map(async (id) => {
      const known = id.toLowerCase();
      return (await loader.load(known)).items.length > 0 ? new InstallationNode(known) : null;
    }),
  );
}

const activityOf = ({ installationId }: InstallationNode, context: GraphqlContext) =>
  loadersOf(context).installationActivity.load(installationId);
const deviceOf = ({ installationId }: InstallationNode, context: GraphqlContext) =>
  loadersOf(context).devices.load(installationId);

/** A value of the installation's creation event; an absent text is null. */
async function createdWith(node: InstallationNode, key: string, context: GraphqlContext) {
  const { created } = (await deviceOf(node, context)) ?? {};
  const value = created?.payload[key];
  return typeof value === 'string' ? value : null;
}

type Reported = [key: string, description: string, example: string];
const osName: Reported = ['os_name', 'The name of the operating system.', 'ios'];
const osVersion: Reported = ['os_version', 'The version of the operating system.', '16.0.2'];
const deviceModel: Reported = ['device_model', 'The model of the device.', 'iPhone13,2'];

builder.node(InstallationRef, {
  description:
    'An installation of the app on a device, according to the events that you may see. A viewer limited to their own events does not see the device, since the creation event has no user. Example: `installation(id: "ba55ab42-9d09-4fbe-805e-ac91e62cae3f") { initialOsName }`.',
  id: {
    ...pure,
    description: withExample(
      'Permanent global id of this installation.',
      'SW5zdGFsbGF0aW9uOmJhNTVhYjQyLTlkMDktNGZiZS04MDVlLWFjOTFlNjJjYWUzZg==',
    ),
    resolve: ({ installationId }) => installationId,
  },
  isTypeOf: (node) => node instanceof InstallationNode,
  authScopes: (_, { viewer }: GraphqlContext) => rightsOf(viewer).reader,
  runScopesOnType: true,
  loadMany: (ids: string[], context) => findInstallations(ids, context),
  fields: (t) => {
    const reportedText = (key: string, description: string, example: string, newName = '') =>
      t.string({
        nullable: true,
        ...(newName && besideEvents(newName)),
        extensions: READS,
        description: withExample(
          `${description} Null without a creation event that you may see.`,
          example,
        ),
        resolve: (node, _, context) => createdWith(node, key, context),
      });
    const instant = (
      description: string,
      read: (node: InstallationNode, context: GraphqlContext) => Promise<Date | undefined>,
    ) =>
      t.field({
        type: 'DateTime',
        nullable: true,
        extensions: READS,
        description: withExample(description, INSTANT),
        resolve: (node, _, context) => read(node, context),
      });
    return {
      installationId: t.expose('installationId', {
        type: 'UUID',
        nullable: true,
        description: withExample(
          `Its identifier, in lower case. ${NEVER_NULL}`,
          INSTALLATION_EXAMPLE,
        ),
      }),
      initialOsName: reportedText(...osName),
      osName: reportedText(...osName, 'initialOsName'),
      initialOsVersion: reportedText(...osVersion),
      osVersion: reportedText(...osVersion, 'initialOsVersion'),
      initialDeviceModel: reportedText(...deviceModel),
      deviceModel: reportedText(...deviceModel, 'initialDeviceModel'),
      languageCode: reportedText('language_code', 'The code of the language.', 'es'),
      countryCode: reportedText('country_code', 'The code of the country.', 'es'),
      createdOn: instant(
        'When the app was installed; null while unknown.',
        async (node, context) => (await deviceOf(node, context))?.created?.occurredOn,
      ),
      uninstalledOn: instant(
        'When the app was removed; null while unknown.',
        async (node, context) => (await deviceOf(node, context))?.uninstalled?.occurredOn,
      ),
      firstSeen: instant(
        "When the earliest event occurred, by the sender's instants.",
        async (node, context) => (await activityOf(node, context))?.firstSeen,
      ),
      lastSeen: instant(
        "When the latest event occurred, by the sender's instants.",
        async (node, context) => (await activityOf(node, context))?.lastSeen,
      ),
      eventCounts: t.field({
        type: [TypeCount],
        extensions: READS,
        description: 'Number of its events by type, most frequent first.',
        resolve: async (node, _, context) => (await activityOf(node, context))?.counts ?? [],
      }),
      events: t.connection(
        {
          type: EventInterface,
          description: `Its events in log order, ${PAGE_NOTE}`,
          args: eventsArguments,
          resolve: ({ installationId }, args, context) =>
            readEventsOf('installationId', installationId, args, context),
        },
        EventConnection,
        EventEdge,
      ),
    };
  },
});

builder.queryField('installation', (t) =>
  t.field({
    type: InstallationRef,
    nullable: true,
    description: 'An installation; null if it has no event that you may see.',
    args: {
      id: t.arg({
        type: 'UUID',
        required: true,
        description: withExample('Its identifier, in any case.', INSTALLATION_EXAMPLE),
      }),
    },
    resolve: async (_, { id }, context) => (await findInstallations([id], context))[0] ?? null,
  }),
);
