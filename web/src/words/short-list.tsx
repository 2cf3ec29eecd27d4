import { type ReactNode, useState } from 'react';

interface ShortListProps {
  /** Keyed list items. */
  children: readonly ReactNode[];
  /** Whether there are older ones that are not among them. */
  hasOlder?: boolean | undefined;
}

const SHOWN = 4;

/** The first of some items, and the others on demand: a box that scrolls hides that it has more. */
export function ShortList({ children, hasOlder }: ShortListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const hidden = children.length - SHOWN;
  return (
    <>
      <ul className="plain">{isWhole ? children : children.slice(0, SHOWN)}</ul>
      {hidden > 0 && (
        <button
          type="button"
          className="quiet more"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? 'Show fewer' : `Show ${hidden.toLocaleString()} more`}
        </button>
      )}
      {hasOlder && <p className="muted">The newest {children.length}; GraphiQL has the others.</p>}
    </>
  );
}
