import { ChevronDown, ChevronRight } from 'lucide-react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { type ListView, type Range, ranges } from '../address/view.ts';
import { describeState } from '../data/stream-state.ts';
import { chartRanges } from './range.ts';
import type { StackedCounts } from './stack-counts.ts';
import type { Counted } from './use-counts.ts';

/** How many events there are, and of what. */
export interface Total {
  count: string;
  of: string;
}

interface ChartBarProps {
  counts: Counted;
  stacked: StackedCounts;
  list: ListView;
  show: (change: Partial<ListView>) => void;
  isOpen: boolean;
  toggle: () => void;
  total: Total;
}

/** The chart's title with its unit, and its range. */
export function ChartBar(props: ChartBarProps) {
  const { counts, stacked, list, show, isOpen, toggle, total } = props;
  const { range, asTable } = list;
  const { unit } = stacked.range;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <button type="button" className="plain-button" aria-expanded={isOpen} onClick={toggle}>
        <Icon size={16} aria-hidden="true" />
        <span>
          <strong className="figure">{total.count}</strong> {total.of}
        </span>
      </button>
      <Note {...{ counts, isOpen, list, unit }} />
      {isOpen && (
        <span className="tools">
          <button type="button" className="quiet" onClick={() => show({ asTable: !asTable })}>
            {asTable ? 'As a chart' : 'As a table'}
          </button>
          <ToggleButtonGroup
            aria-label="Range of the chart"
            className="segments"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[range]}
            onSelectionChange={(keys) => show({ range: [...keys][0] as Range })}
          >
            {ranges.map((each) => (
              <ToggleButton key={each} id={each}>
                {chartRanges[each].short}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </span>
      )}
    </>
  );
}

interface NoteProps extends Pick<ChartBarProps, 'counts' | 'isOpen' | 'list'> {
  unit: string;
}

/** The unit and what can be done; or why the counts are missing, on a phone as well. */
function Note({ counts: { state, isCounted, again }, isOpen, list, unit }: NoteProps) {
  if (state.status === 'failed') {
    return (
      <span className="fault" role="alert">
        Cannot be counted: {state.message}{' '}
        <button type="button" onClick={again}>
          Try again
        </button>
      </span>
    );
  }
  if (state.status === 'waiting') {
    return <span className="muted">{describeState(state).short}</span>;
  }
  if (!isCounted) return <span className="muted">Counting …</span>;
  if (!isOpen) return null;
  const hint = list.asTable ? 'a line leads to its events' : 'drag to select a time range';
  return (
    <span className="muted hint">
      per {unit} · {hint}
    </span>
  );
}
