import { CircleUserRound } from 'lucide-react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components';
import type { Session } from '../session/create-session.ts';
import type { TokenClaims } from '../session/read-token.ts';
import { PopoverBox } from '../words/popover-box.tsx';
import { clockTime } from '../words/times.ts';

interface AccountMenuProps {
  session: Session;
  claims: TokenClaims | undefined;
}

/** Who is signed in, with which rights, and until when. */
export function AccountMenu({ session, claims }: AccountMenuProps) {
  const until = claims?.expiresAt;
  const name = claims?.user ? `User ${claims.user}` : 'Tool';
  return (
    <MenuTrigger>
      <Button className="icon" aria-label="Account">
        <CircleUserRound size={20} aria-hidden="true" />
      </Button>
      <PopoverBox placement="bottom end">
        <Menu className="menu account" aria-label="Account" onAction={session.signOut}>
          <MenuSection>
            <Header>
              <strong>{name}</strong>
              {until && <span>until {clockTime(until)}</span>}
              <span>{claims?.scopes.join(', ') || 'own events only'}</span>
            </Header>
            <MenuItem id="sign-out" className="option">
              Sign out
            </MenuItem>
          </MenuSection>
        </Menu>
      </PopoverBox>
    </MenuTrigger>
  );
}
