import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, DialogTrigger } from 'react-aria-components';
import { PopoverBox } from '../words/popover-box.tsx';

interface FilterButtonProps {
  label: string;
  /** What is chosen, in a few words; undefined for anything. */
  value: string | undefined;
  children: (close: () => void) => ReactNode;
}

/** A button that says what is chosen, and opens the choice. */
export function FilterButton({ label, value, children }: FilterButtonProps) {
  return (
    <DialogTrigger>
      <Button className={value === undefined ? 'filter' : 'filter is-set'}>
        {label}
        {value !== undefined && <b title={value}>{value}</b>}
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <PopoverBox placement="bottom start">
        <Dialog className="choice" aria-label={label}>
          {({ close }) => children(close)}
        </Dialog>
      </PopoverBox>
    </DialogTrigger>
  );
}
