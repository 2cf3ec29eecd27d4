import { type PointerEvent, useState } from 'react';
import type { ListView } from '../address/view.ts';
import { colourClass, eventTypes } from '../stream/event-types.ts';
import { dayName, minuteTime } from '../words/times.ts';
import { useWidth } from '../words/use-width.ts';
import { ColumnTip } from './column-tip.tsx';
import { DAY_MS } from './range.ts';
import {
  columnPaths,
  HEIGHT,
  LABEL_TEXT,
  type Scale,
  timeTicks,
  toScale,
  yTicks,
} from './scale.ts';
import type { StackedCounts } from './stack-counts.ts';

interface PlotProps {
  stacked: StackedCounts;
  list: ListView;
  label: string;
  /** Whether the columns are complete: until then none is told to be empty. */
  isCounted: boolean;
  /** Called when the user has dragged over these columns, from the first to the last. */
  onSpan: (first: number, last: number) => void;
}

/** Dragging less than this many pixels selects nothing. */
const LEAST_DRAG_PX = 4;

/** The columns, with the counts of the one under the pointer. */
export function Plot({ stacked, list, label, isCounted, onSpan }: PlotProps) {
  const { place, width } = useWidth();
  const [hovered, setHovered] = useState<number>();
  const [drag, setDrag] = useState<{ fromX: number; toX: number }>();
  const scale = toScale(stacked, width);

  const xOf = ({ clientX, currentTarget }: PointerEvent) =>
    clientX - currentTarget.getBoundingClientRect().left;
  function onPointerDown(event: PointerEvent): void {
    // Fingers scroll; the time filter chooses a span as well.
    if (event.pointerType === 'touch' || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ fromX: xOf(event), toX: xOf(event) });
  }
  function onPointerMove(event: PointerEvent): void {
    setHovered(scale.columnAt(xOf(event)));
    if (drag) setDrag({ ...drag, toX: xOf(event) });
  }
  function onPointerUp(): void {
    setDrag(undefined);
    if (!drag || Math.abs(drag.toX - drag.fromX) < LEAST_DRAG_PX) return;
    const [one, other] = [scale.columnAt(drag.fromX), scale.columnAt(drag.toX)];
    onSpan(Math.min(one, other), Math.max(one, other));
  }

  return (
    <div ref={place} className="plot">
      <svg
        role="img"
        aria-label={label}
        width={width}
        height={HEIGHT}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(undefined)}
        onPointerLeave={() => setHovered(undefined)}
      >
        <Axes scale={scale} stacked={stacked} />
        <Marked scale={scale} stacked={stacked} list={list} />
        {columnPaths(scale, stacked).map((path, index) => {
          const type = eventTypes[index];
          return type && <path key={type} d={path} className={`column ${colourClass(type)}`} />;
        })}
        {drag && (
          <rect
            className="marked"
            x={Math.min(drag.fromX, drag.toX)}
            y={scale.top}
            width={Math.abs(drag.toX - drag.fromX)}
            height={scale.bottom - scale.top}
          />
        )}
        <rect
          className="columns-area"
          x={scale.left}
          y={scale.top}
          width={Math.max(0, scale.right - scale.left)}
          height={scale.bottom - scale.top}
        />
      </svg>
      {isCounted && hovered !== undefined && (
        <ColumnTip {...{ stacked, list }} index={hovered} left={scale.xOf(hovered + 0.5)} />
      )}
    </div>
  );
}

function Axes({ scale, stacked }: { scale: Scale; stacked: StackedCounts }) {
  const nameOf = stacked.range.ms > DAY_MS ? dayName : minuteTime;
  return (
    <>
      {yTicks(scale.max).map((count) => (
        <g key={count}>
          <line x1={scale.left} x2={scale.right} y1={scale.yOf(count)} y2={scale.yOf(count)} />
          <text x={scale.left - 6} y={scale.yOf(count) + 4} textAnchor="end">
            {count.toLocaleString()}
          </text>
        </g>
      ))}
      {timeTicks(stacked, scale.labels).map(({ index, begins }) =>
        scale.xOf(index) + LABEL_TEXT <= scale.right ? (
          <text key={begins} x={scale.xOf(index)} y={HEIGHT - 5}>
            {nameOf(begins)}
          </text>
        ) : null,
      )}
    </>
  );
}

/** The span by which the list is filtered. */
function Marked({ scale, stacked, list }: Pick<PlotProps, 'stacked' | 'list'> & { scale: Scale }) {
  const first = stacked.columns[0];
  if (!list.from || !first) return null;
  const { bucketMs } = stacked.range;
  const at = (instant: string) => scale.xOf((Date.parse(instant) - first.begins) / bucketMs);
  const within = (x: number) => Math.min(scale.right, Math.max(scale.left, x));
  const [from, until] = [within(at(list.from)), list.until ? within(at(list.until)) : scale.right];
  if (until <= from) return null;
  return (
    <rect
      className="marked"
      x={from}
      y={scale.top}
      width={until - from}
      height={scale.bottom - scale.top}
    />
  );
}
