import { useEffect, useId, useState } from 'react';
import { listOf } from '../address/view.ts';

interface IdsBoxProps {
  label: string;
  values: readonly string[];
  /** What is wrong with a value, if something is. */
  fault?: (value: string) => string | undefined;
  show: (values: string[]) => void;
}

/** A box for ids with commas between them; taken with Enter, or when it is left. */
export function IdsBox({ label, values, fault, show }: IdsBoxProps) {
  const id = useId();
  const given = values.join(', ');
  const [text, setText] = useState(given);
  const [wrong, setWrong] = useState<string>();
  // The address has changed, by a link or by the browser's back button.
  useEffect(() => {
    setText(given);
    setWrong(undefined);
  }, [given]);

  function take(): void {
    // An id that a link brought may have a comma or blanks in it: left alone, it stays as it is.
    const wanted = text === given ? [...values] : listOf(text);
    const found = wanted.map((value) => fault?.(value)).find((each) => each !== undefined);
    setWrong(found);
    if (found === undefined && wanted.join() !== values.join()) show(wanted);
  }

  return (
    <form
      className="box"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        placeholder="any"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={take}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong && `${id}-fault`}
      />
      {wrong && (
        <span id={`${id}-fault`} className="fault" role="alert">
          {wrong}
        </span>
      )}
    </form>
  );
}
