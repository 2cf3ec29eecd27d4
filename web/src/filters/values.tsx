import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { listOf } from '../address/fragment.ts';

interface ValuesProps {
  label: string;
  values: readonly string[];
  hint: string;
  isValid?: (value: string) => boolean;
  /** What to say of a value that is not valid. */
  wrong?: string;
  show: (values: readonly string[]) => void;
}

/** Input for comma-separated values. */
export function Values({ label, values, hint, isValid, wrong = '', show }: ValuesProps) {
  const given = values.join(', ');
  const [text, setText] = useState(given);
  const [fault, setFault] = useState<string>();

  function take(): void {
    // An id from a link may contain a comma or spaces; unedited, it stays unchanged.
    const wanted = text === given ? values : listOf(text);
    if (isValid && !wanted.every(isValid)) setFault(wrong);
    else show(wanted);
  }

  return (
    <Form
      className="typed"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <TextField
        value={text}
        onChange={(next) => {
          setText(next);
          setFault(undefined);
        }}
        isInvalid={fault !== undefined}
        autoFocus
      >
        <Label>{label}</Label>
        <Input placeholder="any" autoComplete="off" spellCheck={false} />
        <Text slot="description" className="muted">
          {hint}
        </Text>
        <FieldError className="fault">{fault}</FieldError>
      </TextField>
      <p className="buttons">
        <Button type="submit">Show</Button>
        {values.length > 0 && (
          <Button className="quiet" onPress={() => show([])}>
            Any
          </Button>
        )}
      </p>
    </Form>
  );
}
