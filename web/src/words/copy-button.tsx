import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Copies a text and confirms it. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<string>();
  // Over plain HTTP from another machine browsers offer no clipboard.
  if (!navigator.clipboard) return null;
  const Icon = copied === text ? Check : Copy;
  return (
    <>
      <button
        type="button"
        className="icon"
        aria-label={`Copy ${what}`}
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          setCopied(text);
        }}
      >
        <Icon size={16} aria-hidden="true" />
      </button>
      <span role="status" className="unseen">
        {copied === text && 'Copied.'}
      </span>
    </>
  );
}
