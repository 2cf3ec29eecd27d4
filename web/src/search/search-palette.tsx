import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  Autocomplete,
  Button,
  Dialog,
  DialogTrigger,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { navigateTo } from '../address/use-view.ts';
import type { Session } from '../session/create-session.ts';
import { addRecent, readRecent } from './recent.ts';
import type { Found } from './to-found.ts';
import { maySearchContacts, useSearch } from './use-search.ts';

/** The search box: `/` or Ctrl-K opens it from anywhere. */
export function SearchPalette({ session }: { session: Session }) {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isShortcut(event)) return;
      event.preventDefault();
      setIsOpen(true);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
      <Button className="search-box">
        <Search size={16} aria-hidden="true" />
        <span>{labelOf(session)}</span>
        <kbd>/</kbd>
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="palette">
          <Dialog aria-label="Search">
            {({ close }) => <Palette session={session} close={close} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

function Palette({ session, close }: { session: Session; close: () => void }) {
  const [text, setText] = useState('');
  const [recent] = useState(readRecent);
  const { found, note, again } = useSearch(session, text.trim());
  const shown = text.trim() === '' ? recent : found;

  function open(key: string): void {
    const chosen = shown.find((each) => each.key === key);
    if (!chosen) return;
    addRecent(chosen);
    close();
    navigateTo(chosen.view);
  }

  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      {/* Escape clears the text; nothing else does. */}
      <SearchField aria-label={labelOf(session)} autoFocus onClear={close}>
        <Search size={18} aria-hidden="true" />
        <Input
          placeholder={
            maySearchContacts(session)
              ? 'An id, or the e-mail or phone of a user'
              : 'An id: user, installation, message or event'
          }
          spellCheck={false}
          autoComplete="off"
        />
      </SearchField>
      <Menu
        className="menu results"
        aria-label="Results"
        onAction={(key) => open(String(key))}
        renderEmptyState={() => !again && <p className="results-note muted">{note}</p>}
      >
        {shown.length > 0 && (
          <MenuSection>
            <Header>{text.trim() === '' ? 'Recent' : 'Found'}</Header>
            {shown.map((each) => (
              <Result key={each.key} found={each} />
            ))}
          </MenuSection>
        )}
      </Menu>
      {again && text.trim() !== '' && (
        <p className="results-note fault" role="alert">
          {note}{' '}
          <button type="button" onClick={again}>
            Try again
          </button>
        </p>
      )}
    </Autocomplete>
  );
}

function labelOf(session: Session): string {
  return maySearchContacts(session)
    ? 'Search by id, e-mail or phone'
    : 'Search user, installation, message or event';
}

function Result({ found: { key, kind, name, detail } }: { found: Found }) {
  return (
    <MenuItem id={key} textValue={`${kind} ${name}`} className="option">
      <span className="name">
        <span className="kind">{kind}</span> <code>{name}</code>
      </span>{' '}
      {detail && <span className="detail muted">{detail}</span>}
    </MenuItem>
  );
}

/** `/` is a letter in inputs. */
function isShortcut({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (key.toLowerCase() === 'k') return (ctrlKey || metaKey) && !altKey;
  const isTyping = target instanceof Element && target.closest('input, textarea, [role=dialog]');
  return key === '/' && !ctrlKey && !metaKey && !altKey && !isTyping;
}
