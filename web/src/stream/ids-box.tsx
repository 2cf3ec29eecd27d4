import { useEffect, useId, useState } from 'react';
import { listOf } from '../address/view.ts';

interface IdsBoxProps {
  label: string;
  values: readonly string[];
  /** Returns the fault of a value, if any. */
  fault?: (value: string) => string | undefined;
  show: (values: string[]) => void;
}

/** Input for comma-separated ids, applied with Enter or on blur. */
export function IdsBox({ label, values, fault, show }: IdsBoxProps) {
  const id = useId();
  const given = values.join(', ');
  const [text, setText] = useState(given);
  const [wrong, setWrong] = useState<string>();
  // The address changed by a link or the back button.
  useEffect(() => {
    setText(given);
    setWrong(undefined);
  }, [given]);

  function take(): void {
    // An id from a link may contain a comma or spaces; unedited, it stays unchanged.
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
