import { Check } from 'lucide-react';
import { ListBox, ListBoxItem } from 'react-aria-components';

interface Choice<Id extends string> {
  id: Id;
  name: string;
  /** Sets the colour of its mark. */
  className?: string;
  count?: number | undefined;
}

interface ChoicesProps<Id extends string> {
  label: string;
  note: string;
  choices: readonly Choice<Id>[];
  chosen: readonly Id[];
  choose: (chosen: ReadonlySet<Id>) => void;
}

/** A list of which several may be chosen; none chosen means all. */
export function Choices<Id extends string>(props: ChoicesProps<Id>) {
  const { label, note, choices, chosen, choose } = props;
  return (
    <>
      <p className="muted">{note}</p>
      <ListBox
        aria-label={label}
        className="options"
        selectionMode="multiple"
        escapeKeyBehavior="none"
        autoFocus="first"
        selectedKeys={chosen}
        onSelectionChange={(keys) =>
          choose(new Set(keys === 'all' ? choices.map(({ id }) => id) : (keys as Set<Id>)))
        }
      >
        {choices.map(({ id, name, className = '', count }) => (
          <ListBoxItem key={id} id={id} textValue={name} className={`option ${className}`}>
            {({ isSelected }) => (
              <>
                <span className="tick">{isSelected && <Check size={14} aria-hidden="true" />}</span>
                {className && <i className="mark" aria-hidden="true" />}
                <span>{name}</span>
                {count !== undefined && <b className="figure">{count.toLocaleString()}</b>}
              </>
            )}
          </ListBoxItem>
        ))}
      </ListBox>
    </>
  );
}
