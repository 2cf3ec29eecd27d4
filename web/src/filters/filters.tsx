import { isInteger, isNarrowed, isUuid, type ListView, plans } from '../address/view.ts';
import type { StackedCounts } from '../chart/stack-counts.ts';
import { contactKind } from '../search/contact-kind.ts';
import { colourClass, eventTypes, labelOf } from '../stream/event-types.ts';
import { allOf } from '../stream/no-events.tsx';
import { Choices } from './choices.tsx';
import { FilterButton } from './filter-button.tsx';
import { TimeFilter } from './time-filter.tsx';
import { Values } from './values.tsx';

interface FiltersProps {
  view: ListView;
  /** Events by type in the range of the chart; undefined while they are counted. */
  totals: StackedCounts | undefined;
  show: (change: Partial<ListView>) => void;
}

type Typed = 'userIds' | 'installationIds' | 'specialities' | 'professionalIds';

const typed: readonly {
  key: Typed;
  label: string;
  hint: string;
  isValid?: (value: string) => boolean;
  wrong?: string;
}[] = [
  {
    ...{ key: 'userIds', label: 'User', hint: 'One or more ids, separated by commas.' },
    // What is shown is in the address, which the browser's history keeps.
    isValid: (value) => contactKind(value) !== 'e-mail',
    wrong: 'An id, not an e-mail address: press Escape, then / to find its user.',
  },
  {
    ...{ key: 'installationIds', label: 'Installation', hint: 'One or more UUIDs.' },
    ...{ isValid: isUuid, wrong: 'An installation is a UUID.' },
  },
  { key: 'specialities', label: 'Speciality', hint: 'Of messages, as the sender writes it.' },
  {
    ...{ key: 'professionalIds', label: 'Professional', hint: 'Of messages: one or more numbers.' },
    ...{ isValid: isInteger, wrong: 'A professional is a number.' },
  },
];

/** Returns the chosen values as a short text: "premium", "3 chosen". */
function summarize(values: readonly string[]): string | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  return values.length === 1 ? first : `${values.length} chosen`;
}

/** The filters of the stream, in one row. */
export function Filters({ view, totals, show }: FiltersProps) {
  const { types, statuses } = view;
  return (
    <search className="filters" aria-label="Filters">
      <FilterButton label="Type" value={summarize(types.map(labelOf))}>
        {() => (
          <Choices
            label="Types"
            note={totals ? `Counts: the ${totals.range.name}` : 'Counting …'}
            choices={eventTypes.map((type) => ({
              ...{ id: type, name: labelOf(type), className: colourClass(type) },
              count: totals?.totals.get(type),
            }))}
            chosen={types}
            choose={(chosen) => show({ types: eventTypes.filter((type) => chosen.has(type)) })}
          />
        )}
      </FilterButton>
      {typed.map(({ key, label, ...options }) => (
        <FilterButton key={key} label={label} value={summarize(view[key])}>
          {(close) => (
            <Values
              label={label}
              values={view[key]}
              {...options}
              show={(values) => {
                show({ [key]: values });
                close();
              }}
            />
          )}
        </FilterButton>
      ))}
      <FilterButton label="Plan" value={summarize(statuses.map((plan) => plan.toLowerCase()))}>
        {() => (
          <Choices
            label="Plans"
            note="Of logins and changes of plan"
            choices={plans.map((plan) => ({ id: plan, name: plan.toLowerCase() }))}
            chosen={statuses}
            choose={(chosen) => show({ statuses: plans.filter((plan) => chosen.has(plan)) })}
          />
        )}
      </FilterButton>
      <TimeFilter from={view.from} until={view.until} show={show} />
      {isNarrowed(view) && (
        <a className="clear" href={allOf(view)} title="Show everything">
          Clear
        </a>
      )}
    </search>
  );
}
