import type { Config } from '../config/config.ts';
import { line, type Terminal } from './terminal.ts';

export interface Welcome {
  config: Config;
  url: string;
  /** The port of `/metrics` alone, if there is one. */
  metricsPort: number | undefined;
  /** Name of the database, for people. */
  label: string;
  /** Secrets that were just generated; shown only this once. */
  created: { webhookSecret: string | undefined; token: string | undefined } | undefined;
}

/** Prints all URLs and the next steps. */
export function welcome(
  terminal: Terminal,
  { config, url, metricsPort, label, created }: Welcome,
): void {
  const say = (text?: string) => line(terminal.out, text);
  say();
  say(`Eventline is running on ${label}.`);
  say();
  if (config.livePage) say(`  live page ${url}/`);
  say(`  webhook   ${url}/webhooks/events`);
  say(`  GraphQL   ${url}/graphql${config.graphiql ? '   (GraphiQL in a browser)' : ''}`);
  if (metricsPort !== undefined) say(`  metrics   port ${metricsPort}, /metrics`);
  if (created) {
    say();
    say(`Made for development, kept in ${config.dataDir}, shown this once:`);
    if (created.webhookSecret) say(`  webhook secret         ${created.webhookSecret}`);
    if (created.token) {
      say(`  token with all scopes  ${created.token}`);
      say(`                         valid for a day; ${terminal.say('token')} makes others`);
    }
  }
  if (!config.production) {
    say();
    say(
      config.livePage
        ? 'Next: open the live page, and in another terminal make some traffic:'
        : 'Next: open GraphiQL, run its first tab, and in another terminal make some traffic:',
    );
    say();
    say(`  ${terminal.say('simulate')} --rate 20`);
  }
  say();
}
