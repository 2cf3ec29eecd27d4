import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger } from 'react-aria-components';
import type { EventOfPage } from '../documents/event.ts';
import { PopoverBox } from '../words/popover-box.tsx';
import { toCurl } from './curl-of.ts';
import { queryOf } from './query-of.ts';

interface CopyMenuProps {
  event: EventOfPage;
  endpoint: string;
}

const forms = [
  { id: 'json', name: 'JSON' },
  { id: 'graphql', name: 'GraphQL' },
  { id: 'curl', name: 'curl' },
  { id: 'id', name: 'Event id' },
] as const;

/** Copies an event in a form of one's choice, and confirms it. */
export function CopyMenu({ event, endpoint }: CopyMenuProps) {
  const [copied, setCopied] = useState<string>();
  // Over plain HTTP from another machine browsers offer no clipboard.
  if (!navigator.clipboard) return null;

  function textOf(form: (typeof forms)[number]['id']): string {
    const { __typename, ...fields } = event;
    switch (form) {
      case 'json':
        return JSON.stringify(fields, null, 2);
      case 'graphql':
        return queryOf(event);
      case 'curl':
        return toCurl(endpoint, { query: queryOf(event), variables: { id: event.id } });
      case 'id':
        return event.id;
      default:
        return form satisfies never;
    }
  }

  async function copy(form: (typeof forms)[number]['id']): Promise<void> {
    await navigator.clipboard.writeText(textOf(form));
    setCopied(`${event.id} ${form}`);
  }

  const isCopied = copied?.startsWith(`${event.id} `) ?? false;
  return (
    <>
      <MenuTrigger>
        <Button className="icon" aria-label="Copy as">
          {isCopied ? (
            <Check size={18} aria-hidden="true" />
          ) : (
            <Copy size={18} aria-hidden="true" />
          )}
        </Button>
        <PopoverBox placement="bottom end">
          <Menu
            className="menu"
            aria-label="Copy as"
            onAction={(key) => void copy(key as (typeof forms)[number]['id'])}
          >
            {forms.map(({ id, name }) => (
              <MenuItem key={id} id={id} className="option">
                {name}
              </MenuItem>
            ))}
          </Menu>
        </PopoverBox>
      </MenuTrigger>
      <span role="status" className="unseen">
        {isCopied && 'Copied.'}
      </span>
    </>
  );
}
