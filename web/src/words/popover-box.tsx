import type { ReactNode } from 'react';
import { Popover, type PopoverProps } from 'react-aria-components';

interface PopoverBoxProps {
  placement: NonNullable<PopoverProps['placement']>;
  children: ReactNode;
}

/** A box beside the button that opens it, with one dialog or menu. */
export function PopoverBox({ placement, children }: PopoverBoxProps) {
  return (
    // biome-ignore lint/a11y/useValidAriaValues: a box without a role needs no label; its content has one
    <Popover className="popover" placement={placement} aria-labelledby="">
      {children}
    </Popover>
  );
}
