import fc from 'fast-check';

const two = (number: number) => String(number).padStart(2, '0');

const fraction = fc.oneof(
  { arbitrary: fc.constant(''), weight: 2 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('.', ','), fc.stringMatching(/^\d{1,12}$/))
      .map(([sign, digits]) => sign + digits),
    weight: 3,
  },
);

const time = fc
  .record({
    hour: fc.integer({ min: 0, max: 24 }),
    minute: fc.oneof(fc.constant(0), fc.constant(59), fc.integer({ min: 0, max: 60 })),
    second: fc.oneof(fc.constant(0), fc.constant(60), fc.integer({ min: 0, max: 60 })),
    fraction,
    form: fc.constantFrom('full', 'full', 'full', 'basic', 'minutes', 'hours'),
  })
  .map(({ hour, minute, second, fraction: part, form }) => {
    if (form === 'hours') return two(hour);
    if (form === 'minutes') return `${two(hour)}:${two(minute)}`;
    const parts = [hour, minute, second].map(two);
    return parts.join(form === 'basic' ? '' : ':') + part;
  });

const date = fc
  .record({
    year: fc.oneof(
      { arbitrary: fc.integer({ min: 1970, max: 2100 }), weight: 8 },
      { arbitrary: fc.integer({ min: 0, max: 9999 }), weight: 1 },
      { arbitrary: fc.constantFrom(0, 1, 9999), weight: 1 },
    ),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 28, max: 32 })),
    form: fc.constantFrom('-', '-', '-', '-', '', '+', '+00'),
  })
  .map(({ year, month, day, form }) => {
    const sign = form.startsWith('+') ? form : '';
    const parts = [String(year).padStart(4, '0'), two(month), two(day)];
    return sign + parts.join(form === '' ? '' : '-');
  });

const offset = fc.oneof(
  { arbitrary: fc.constantFrom('Z', 'z', 'UTC', 'GMT', '+00:00', '-00:00', ''), weight: 4 },
  {
    arbitrary: fc
      .record({
        sign: fc.constantFrom('+', '-', '\u2212'),
        hours: fc.integer({ min: 0, max: 24 }),
        minutes: fc.integer({ min: 0, max: 60 }),
        form: fc.constantFrom(':', ':', '', 'hours', 'seconds'),
      })
      .map(({ sign, hours, minutes, form }) => {
        if (form === 'hours') return sign + two(hours);
        if (form === 'seconds') return `${sign}${two(hours)}:${two(minutes)}:30`;
        return `${sign}${two(hours)}${form}${two(minutes)}`;
      }),
    weight: 4,
  },
);

const suffix = fc.constantFrom(
  ...['', '', '', '', '', '', ' UTC', ' CET', ' +01', ' -0330', ' m=+0.5', ' UTC m=-12.25'],
  ...['[Europe/Madrid]', '[u-ca=iso8601]', '[!Etc/GMT+1][u-ca=hebrew]', '[UTC', '\n', ' '],
);

/** A date and time in one of the notations that libraries write, or nearly so. */
export const instantText = fc
  .record({
    before: fc.constantFrom('', '', '', '', '', ' ', '\t', '\ufeff', '\u00a0'),
    date,
    between: fc.constantFrom('T', 'T', 'T', 'T', 't', ' ', '_'),
    time,
    gap: fc.constantFrom('', '', '', ' '),
    offset,
    suffix,
    edit: fc.option(
      fc.record({
        at: fc.nat({ max: 30 }),
        removed: fc.nat({ max: 2 }),
        added: fc.string({ unit: fc.constantFrom(...'0159-+:.,TZ []UCmz'), maxLength: 2 }),
      }),
      { freq: 5 },
    ),
  })
  .map(({ before, date: day, between, time: clock, gap, offset: zone, suffix: rest, edit }) => {
    const text = before + day + between + clock + gap + zone + rest;
    if (edit === null) return text;
    return text.slice(0, edit.at) + edit.added + text.slice(edit.at + edit.removed);
  });

/** The form of the sender's examples, which is always accepted. */
export const usualInstantText = fc
  .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((instant) => instant.toISOString().replace('Z', '+00:00'));
