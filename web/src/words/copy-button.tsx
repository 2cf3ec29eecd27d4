import { useState } from 'react';

/** Copies a text and confirms it. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<string>();
  // Over plain HTTP from another machine browsers offer no clipboard.
  if (!navigator.clipboard) return null;
  return (
    <>
      <button
        type="button"
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          setCopied(text);
        }}
      >
        Copy {what}
      </button>
      <span role="status" className="muted">
        {copied === text && ' Copied.'}
      </span>
    </>
  );
}
