import { everything, formatView, isInstallation, type ListView } from '../address/view.ts';
import type { EventType } from '../generated/graphql.ts';
import { colourClass, eventTypes, labelOf } from './event-types.ts';
import { IdsBox } from './ids-box.tsx';
import { SpanBox } from './span-box.tsx';

interface FiltersProps {
  view: ListView;
  /** Events of the last hour by type; undefined while they are counted. */
  totals: ReadonlyMap<EventType, number> | undefined;
  show: (change: Partial<ListView>) => void;
}

/** The address of the same view without filters. */
export function allOf({ asTable }: ListView): string {
  return formatView({ page: 'stream', list: { ...everything, asTable } });
}

/** The filters of the stream. */
export function Filters({ view, totals, show }: FiltersProps) {
  const { types, userIds, installationIds, from, until } = view;

  function toggle(type: EventType): void {
    const kept = types.filter((other) => other !== type);
    show({
      types:
        kept.length < types.length
          ? kept
          : eventTypes.filter((other) => other === type || types.includes(other)),
    });
  }

  const isNarrowed = types.length + userIds.length + installationIds.length > 0 || from;
  return (
    <search className="filters">
      <fieldset className="chips">
        <legend className="unseen">Types; none chosen shows all</legend>
        {eventTypes.map((type) => (
          <button
            key={type}
            type="button"
            className={`chip ${colourClass(type)}`}
            aria-pressed={types.includes(type)}
            onClick={() => toggle(type)}
          >
            <i aria-hidden="true" /> {labelOf(type)}{' '}
            {totals && (
              <>
                <span className="muted">{(totals.get(type) ?? 0).toLocaleString()}</span>
                <span className="unseen"> in the last hour</span>
              </>
            )}
          </button>
        ))}
      </fieldset>
      <div className="boxes">
        <IdsBox label="User" values={userIds} show={(values) => show({ userIds: values })} />
        <IdsBox
          label="Installation"
          values={installationIds}
          fault={(value) => (isInstallation(value) ? undefined : 'An installation is a UUID.')}
          show={(values) => show({ installationIds: values })}
        />
        <SpanBox from={from} until={until} show={show} />
        {isNarrowed && (
          <a className="quiet" href={allOf(view)}>
            Show everything
          </a>
        )}
      </div>
    </search>
  );
}
