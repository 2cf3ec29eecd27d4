import { formatView, type Subject } from '../address/view.ts';

interface IdLinkProps {
  page: Subject;
  id: string | null | undefined;
  /** Shows only the beginning of a long id. */
  isShort?: boolean;
}

const SHORT = 8;

/** A link to the page about a user, an installation or a message. */
export function IdLink({ page, id, isShort }: IdLinkProps) {
  if (id === null || id === undefined) return null;
  return (
    <a className="id" href={formatView({ page, id })} title={isShort ? id : undefined}>
      {isShort ? id.slice(0, SHORT) : id}
    </a>
  );
}
