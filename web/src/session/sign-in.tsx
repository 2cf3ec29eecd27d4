import { type FormEvent, useId, useState, useSyncExternalStore } from 'react';
import type { Session } from './create-session.ts';
import { rememberAddress } from './return-address.ts';

interface SignInProps {
  session: Session;
  /** URL where people sign in, if there is a provider. */
  signIn: string | undefined;
  offered: string | undefined;
  /** Whether the server makes development tokens. */
  hasDevelopmentTokens: boolean;
}

/** The form disappears with its focus: move it to the heading of the next view. */
function resumeReading(): void {
  if (document.activeElement !== document.body) return;
  const headings = document.querySelectorAll<HTMLElement>('main h2');
  [...headings].find((heading) => heading.checkVisibility())?.focus({ preventScroll: true });
}

/** Asks for a token: at the start, and above the view when a token has expired. */
export function SignIn({ session, signIn, offered, hasDevelopmentTokens }: SignInProps) {
  const { token, refusal } = useSyncExternalStore(session.subscribe, session.current);
  const [text, setText] = useState(offered !== undefined && offered !== token ? offered : '');
  const [fault, setFault] = useState<string>();
  const id = useId();

  function submit(event: FormEvent): void {
    event.preventDefault();
    try {
      session.signIn(text);
      requestAnimationFrame(resumeReading);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  }

  function leave(): void {
    rememberAddress();
    session.forget();
  }

  const isRenewal = token !== undefined;
  // From the server's message, since the browser's clock may be wrong.
  const hasEnded = refusal?.includes('expired');
  const refused = hasEnded ? 'Your token has ended' : 'The server does not take your token';
  return (
    <section className="sign-in" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{isRenewal ? refused : 'Sign in'}</h2>
      <p role={isRenewal ? 'alert' : undefined}>
        {isRenewal
          ? `${refusal ?? ''} Paste a new one to continue where you stopped.`
          : `${signIn ? 'Sign in with your account, or paste' : 'Paste'} a token to see events. The token stays in this tab and is never part of the address.`}
      </p>
      {signIn && (
        <p>
          <a className="button" href={signIn} onClick={leave}>
            Sign in with your account
          </a>
        </p>
      )}
      <form onSubmit={submit}>
        <label htmlFor={`${id}-token`}>Token</label>
        <input
          id={`${id}-token`}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
          aria-invalid={fault !== undefined}
          aria-describedby={`${id}-help`}
          required
        />
        <button type="submit">Sign in</button>
      </form>
      <p id={`${id}-help`} className={fault ? 'fault' : 'muted'} role={fault ? 'alert' : undefined}>
        {fault ??
          (hasDevelopmentTokens ? (
            <>
              Create one with <code>npx eventline token --scope events:read</code>.
            </>
          ) : (
            'Ask the operators of this server for a token with the scope events:read.'
          ))}
      </p>
    </section>
  );
}
