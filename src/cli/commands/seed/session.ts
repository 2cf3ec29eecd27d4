import type { JsonObject } from '../../../catalog/json.ts';
import type { Message, Person } from './person.ts';
import type { Random } from './random.ts';

/** An occurrence that the sender will report. */
export interface SeedEvent {
  type: string;
  atMs: number;
  payload: JsonObject;
}

const DEVICES = [
  ['ios', '17.5.1', 'iPhone15,2'],
  ['ios', '16.0.2', 'iPhone13,2'],
  ['android', '14', 'SM-S911B'],
  ['android', '13', 'Pixel 7'],
] as const;
const PLACES = [
  ['es', 'es'],
  ['es', 'mx'],
  ['ca', 'es'],
  ['pt', 'pt'],
  [null, null],
] as const;
const PLANS = [0, 2, 4];
const SECOND_MS = 1_000;

/**
 * Simulates one session of a person: install if needed, log in, open, read, write. Events follow in
 * order of time, and the person's state changes.
 *
 * @param startMs start of the session, in milliseconds since 1970
 */
export function useApp(person: Person, startMs: number, random: Random): SeedEvent[] {
  const events: SeedEvent[] = [];
  let nowMs = startMs;
  function add(type: string, payload: JsonObject): void {
    events.push({ type, atMs: nowMs, payload });
    person.lastMs = nowMs;
    nowMs += random.whole(2, 90) * SECOND_MS + random.whole(0, 999);
  }

  person.installation ??= install();
  const subjects = { installation_id: person.installation, user_id: person.id };
  if (!person.isLoggedIn) logIn();
  add('app_opened', subjects);
  read(0.7);
  while (random.chance(0.6)) write();
  read(0.4);
  if (random.chance(0.02)) changePlan();
  // Types unknown to this version, as the sender will add them.
  if (random.chance(0.02)) add('appointment_booked', { ...subjects, in_days: random.whole(1, 60) });
  if (random.chance(0.01)) add('survey_answered', { ...subjects, stars: random.whole(1, 5) });
  if (random.chance(0.05)) person.isLoggedIn = false;
  if (random.chance(0.01)) uninstall();
  return events;

  function install(): string {
    const installation_id = random.uuid();
    const [os_name, os_version, device_model] = random.pick(DEVICES);
    const [language_code, country_code] = random.pick(PLACES);
    const device = { os_name, os_version, device_model, language_code, country_code };
    add('installation_created', { installation_id, ...device });
    return installation_id;
  }

  function logIn(): void {
    const { status, phone, email, coverage } = person;
    const personal = { mobile_phone: phone, mobile_phone_prefix: '34', email };
    if (person.hasLoggedIn) add('user_logged_in', { ...subjects, status });
    else {
      const first = { ...subjects, status, ...personal, coverage_name: coverage };
      add('user_first_logged_in', first);
    }
    person.hasLoggedIn = true;
    person.isLoggedIn = true;
  }

  function write(): void {
    const message: Message = { message_id: random.uuid(), ...random.pick(person.professionals) };
    add('message_sent', { ...message, ...subjects });
    person.unread.push(message);
  }

  /** Reads each unread message with this probability. */
  function read(probability: number): void {
    const unread = person.unread;
    person.unread = [];
    for (const message of unread) {
      if (random.chance(probability)) add('message_read', { ...message, ...subjects });
      else person.unread.push(message);
    }
  }

  function changePlan(): void {
    const from_status = person.status;
    person.status = random.pick(PLANS.filter((plan) => plan !== from_status));
    add('user_status_changed', { user_id: person.id, from_status, to_status: person.status });
  }

  function uninstall(): void {
    const user_id = person.isLoggedIn ? person.id : null;
    add('app_uninstalled', { installation_id: subjects.installation_id, user_id });
    person.installation = undefined;
    person.isLoggedIn = false;
  }
}
