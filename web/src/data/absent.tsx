import type { ReactNode } from 'react';
import type { FieldError } from './ask.ts';

interface FailedProps {
  /** The errors of the answer: what failed is not absent. */
  errors: readonly FieldError[];
  /** Absent where another try gives the same error. */
  again: (() => void) | undefined;
}

/** Says why parts of an answer are missing, if any are. */
export function Failed({ errors: [failed], again }: FailedProps) {
  if (!failed) return null;
  return (
    <p className="pending fault" role="alert">
      This cannot be shown: {failed.message}{' '}
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </p>
  );
}

interface AbsentProps extends FailedProps {
  /** Whether events of it are shown: then the answer is older, and is asked for again. */
  hasEvents?: boolean;
  /** What to say when there is nothing. */
  children: ReactNode;
}

/** Says that something does not exist, or why that is not known. */
export function Absent({ errors, again, hasEvents = false, children }: AbsentProps) {
  if (errors.length > 0) return <Failed errors={errors} again={again} />;
  return <p className="pending">{hasEvents ? 'Loading …' : children}</p>;
}
