import type { UserStatus } from '../../catalog/user-status.ts';
import type { CountRow } from '../../statistics/count-events.ts';
import type { Dimension } from '../../statistics/dimensions.ts';
import { builder } from '../builder.ts';
import { COSTLY } from '../complexity.ts';
import { withExample } from '../with-example.ts';
import { calendar } from './calendar.ts';
import { EventTypeEnum } from './event-interface.ts';
import { UserStatusEnum } from './user-status.ts';

type Key<T> = T | null;
const keyOf = <T>(row: CountRow, name: Dimension) => (row.keys[name] ?? null) as Key<T>;
const keyed = (what: string) => `${what}; null if not in \`by\`, or if these events have none.`;

export const EventCountRef = builder.objectRef<CountRow>('EventCount').implement({
  description:
    'Counts of the events with the same values of the dimensions in `by`. Example: `{ day: "2026-03-29", type: MESSAGE_SENT, count: 212 }`.',
  fields: (t) => ({
    minute: t.field({
      type: 'DateTime',
      nullable: true,
      description: withExample(
        keyed('The instant at which the minute begins'),
        '2026-03-29T14:37:00.000Z',
      ),
      resolve: (row) => keyOf<Date>(row, 'MINUTE'),
    }),
    hour: t.field({
      type: 'DateTime',
      nullable: true,
      description: withExample(
        keyed('The instant at which the hour begins'),
        '2026-03-29T14:00:00.000Z',
      ),
      resolve: (row) => keyOf<Date>(row, 'HOUR'),
    }),
    ...Object.fromEntries(
      calendar.map(({ field, dimension, what, example }) => [
        field,
        t.field({
          type: 'LocalDate',
          nullable: true,
          description: withExample(keyed(what), example),
          resolve: (row) => keyOf<string>(row, dimension),
        }),
      ]),
    ),
    type: t.field({
      type: EventTypeEnum,
      nullable: true,
      description: keyed('The type'),
      resolve: (row) => keyOf<string>(row, 'TYPE'),
    }),
    typeName: t.string({
      nullable: true,
      description: withExample(keyed('The name of the type as sent'), 'message_sent'),
      resolve: (row) => keyOf<string>(row, 'TYPE_NAME'),
    }),
    speciality: t.string({
      nullable: true,
      description: withExample(keyed('The speciality'), 'work'),
      resolve: (row) => keyOf<string>(row, 'SPECIALITY'),
    }),
    professionalId: t.field({
      type: 'SafeInt',
      nullable: true,
      description: withExample(keyed('The professional'), 5),
      resolve: (row) => keyOf<number>(row, 'PROFESSIONAL'),
    }),
    status: t.field({
      type: UserStatusEnum,
      nullable: true,
      description: keyed('The plan'),
      resolve: (row) => keyOf<UserStatus>(row, 'STATUS'),
    }),
    osName: t.string({
      nullable: true,
      description: withExample(keyed('The operating system'), 'ios'),
      resolve: (row) => keyOf<string>(row, 'OS'),
    }),
    countryCode: t.string({
      nullable: true,
      description: withExample(keyed('The code of the country'), 'es'),
      resolve: (row) => keyOf<string>(row, 'COUNTRY'),
    }),
    count: t.field({
      type: 'SafeInt',
      description: withExample('Number of events.', 212),
      resolve: ({ count }) => count,
    }),
    users: t.field({
      type: 'SafeInt',
      extensions: COSTLY,
      description: withExample('Number of distinct users; computed if selected.', 97),
      resolve: ({ userId = 0 }) => userId,
    }),
    installations: t.field({
      type: 'SafeInt',
      extensions: COSTLY,
      description: withExample('Number of distinct installations; computed if selected.', 98),
      resolve: ({ installationId = 0 }) => installationId,
    }),
  }),
});
