import { useState } from 'react';

/** Copies a text, and says that it has. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<string>();
  // Over plain HTTP from elsewhere a browser has no clipboard for pages.
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
