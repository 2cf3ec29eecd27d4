import { useId, useState } from 'react';
import { Button, Form, ListBox, ListBoxItem } from 'react-aria-components';
import type { ListView } from '../address/view.ts';
import { clockTime } from '../words/times.ts';
import { FilterButton } from './filter-button.tsx';
import { presets } from './time-presets.ts';

interface TimeFilterProps extends Pick<ListView, 'from' | 'until'> {
  show: (change: Partial<ListView>) => void;
}

/** Chooses a time range: a preset, or any two instants, as an alternative to dragging over the chart. */
export function TimeFilter({ from, until, show }: TimeFilterProps) {
  const since = from && `since ${clockTime(from)}`;
  const value = from && until ? `${clockTime(from)} – ${clockTime(until)}` : since;
  return (
    <FilterButton label="Time" value={value}>
      {(close) => (
        <SpanChoice
          from={from}
          until={until}
          show={(span) => {
            show(span);
            close();
          }}
        />
      )}
    </FilterButton>
  );
}

function SpanChoice({ from, until, show }: TimeFilterProps) {
  const id = useId();
  const [texts, setTexts] = useState({ from: toLocal(from), until: toLocal(until) });
  const [low, high] = [Date.parse(texts.from), Date.parse(texts.until)];
  const isSpan = low < high;
  return (
    <>
      <ListBox
        aria-label="Time"
        className="options"
        selectionMode="single"
        escapeKeyBehavior="none"
        autoFocus="first"
        selectedKeys={from ? [] : ['any']}
        // Not `onAction`, which a click does not call while something is selected.
        onSelectionChange={(keys) => {
          const [key] = keys;
          const preset = presets.find(({ id }) => id === key);
          show(preset?.span() ?? { from: undefined, until: undefined });
        }}
      >
        {presets.map(({ id: key, name }) => (
          <ListBoxItem key={key} id={key} className="option">
            {name}
          </ListBoxItem>
        ))}
      </ListBox>
      <Form
        className="typed span"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSpan) return;
          show({ from: new Date(low).toISOString(), until: new Date(high).toISOString() });
        }}
      >
        {(['from', 'until'] as const).map((name) => (
          <p key={name}>
            <label htmlFor={`${id}-${name}`}>{name === 'from' ? 'From' : 'Until'}</label>
            <input
              id={`${id}-${name}`}
              type="datetime-local"
              value={texts[name]}
              onChange={({ target }) => setTexts({ ...texts, [name]: target.value })}
            />
          </p>
        ))}
        <Button type="submit" isDisabled={!isSpan}>
          Show
        </Button>
      </Form>
    </>
  );
}

/** In the input's format: local time without a zone, to the minute. */
function toLocal(instant: string | undefined): string {
  if (!instant) return '';
  const date = new Date(instant);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
