import { type Command, Option } from 'commander';
import {
  cursor,
  day,
  instant,
  list,
  positive,
  positiveWhole,
  share,
  span,
  wholeNumber,
} from '../option-values.ts';
import { secretOption, tokenOption, urlOption } from '../shared-options.ts';
import type { Terminal } from '../terminal.ts';

/** Adds `simulate|listen|replay|export|seed`; each loads its code when it is called. */
export function addTrafficCommands(program: Command, terminal: Terminal): void {
  program
    .command('simulate')
    .description('post signed sample traffic, with faults on request')
    .option('--rate <number>', 'deliveries per second', positive, 5)
    .option('--users <number>', 'number of users', positiveWhole, 200)
    .option('--duration <span>', 'duration, such as 90s or 10m (default: until Ctrl-C)', span)
    .option(
      '--seed <number>',
      'seed of the random generator; the same seed makes the same deliveries, except for their times (default: random)',
      wholeNumber,
    )
    .option('--burst <number>', 'deliveries posted at the same moment', positiveWhole, 1)
    .option(
      '--duplicates <share>',
      'share of deliveries that are posted twice, such as 5%',
      share,
      0,
    )
    .option('--late <share>', 'share of events that occurred 5 minutes to 36 hours ago', share, 0)
    .option(
      '--shuffle <number>',
      'size of the buffer from which the next delivery is picked at random; 1 keeps the order',
      positiveWhole,
      1,
    )
    .option('--bad-signature <share>', 'share of deliveries with a wrong signature', share, 0)
    .option(
      '--malformed <share>',
      'share of deliveries that are not JSON, have no time, or have a malformed payload',
      share,
      0,
    )
    .option('--unknown-types <share>', 'share of events of unknown types', share, 0)
    .option('--verify', 'read everything back at the end and compare it')
    .option('--page <number>', 'events per request when reading back', positiveWhole, 500)
    .addOption(urlOption())
    .addOption(secretOption())
    .addOption(tokenOption())
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      '\nRetries deliveries that are answered 408 or 503, or not at all. A table at the end shows what was\nsent, expected and answered. The exit code is 1 on any difference, so the command can serve as an\nacceptance test of a deployment. The sample events stay in the log.\n\nExamples:\n  eventline simulate --rate 20\n  eventline simulate --rate 100 --duration 1m --duplicates 5% --shuffle 20 --late 3% \\\n    --bad-signature 1% --malformed 1% --unknown-types 2% --verify',
    )
    .action(async (options) => (await import('./simulate.ts')).simulate(terminal, options));

  program
    .command('listen')
    .description(
      'for development: receive deliveries, verify and forward them, and show the answers',
    )
    .requiredOption(
      '--forward-to <url>',
      'where to post each delivery, unchanged and with its signature',
    )
    .option(
      '--port <number>',
      'the port to receive at, on this machine; 0 selects a free one',
      wholeNumber,
      4010,
    )
    .option(
      '--secret <secret>',
      'the webhook secret (default: WEBHOOK_SECRETS, else the development secret)',
    )
    .option('--json', 'one JSON object per delivery')
    .addHelpText(
      'after',
      '\nThe sender gets the answer of your program. A wrong signature is answered 401 and not forwarded. While\nyour program does not answer, the sender gets 503, after which it retries. No server and no database\nis needed.\n\nExamples:\n  eventline listen --forward-to http://localhost:3000/events\n  eventline send message_sent --url http://127.0.0.1:4010\n  eventline export | eventline replay - --url http://127.0.0.1:4010',
    )
    .action(async (options) => (await import('./listen.ts')).listen(terminal, options));

  program
    .command('replay')
    .description('post recorded deliveries again with a new signature')
    .argument('<file>', 'one JSON body per line, or the JSON lines of export; - for standard input')
    .option('--rate <number>', 'maximum deliveries per second', positive)
    .option('--parallel <number>', 'concurrent deliveries; 1 keeps the order', positiveWhole, 1)
    .option('--from-line <number>', 'the first line to post', positiveWhole, 1)
    .addOption(urlOption())
    .addOption(secretOption())
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      '\nEvents that are already in the log are answered as duplicates. If interrupted, the command\nprints the line number for --from-line.\n\nExamples:\n  eventline replay bodies.jsonl\n  eventline export | eventline replay - --url http://127.0.0.1:4001 --secret "$OTHER"',
    )
    .action(async (file, options) => (await import('./replay.ts')).replay(terminal, file, options));

  program
    .command('export')
    .description('write stored events as JSON lines or CSV, in the order of the log')
    .option('--type <type>', 'only this type; repeatable', list, [])
    .option('--user <id>', 'only this user; repeatable', list, [])
    .option('--installation <id>', 'only this installation; repeatable', list, [])
    .option('--since <time>', 'occurred at or after this day (UTC) or instant', instant)
    .option('--until <time>', 'occurred before this day (UTC) or instant', instant)
    .option('--after <cursor>', 'only events after this cursor', cursor)
    .addOption(
      new Option('--format <format>', 'output format').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option(
      '--output <file>',
      'file to create, or to continue with --resume (default: standard output)',
    )
    .option('--resume', 'continue the interrupted export in the file of --output')
    .option('--no-personal', 'omit personal data such as phone and e-mail; user ids stay')
    .option('--page <number>', 'events per request', positiveWhole, 500)
    .addOption(urlOption())
    .addOption(tokenOption())
    .addHelpText(
      'after',
      '\nCSV is for spreadsheets: the payload is one cell, line breaks become spaces, and an apostrophe\nkeeps a text from being run as a formula; in the payload, \\u003d and the like do so behind a semicolon.\n\nExamples:\n  eventline export --type message_sent --since 2026-01-01 --format csv --output january.csv\n  eventline export --output all.jsonl || eventline export --output all.jsonl --resume',
    )
    .action(async (options) => (await import('./export.ts')).exportEvents(terminal, options));

  program
    .command('seed')
    .description('for development: fill the log with sample users and their events')
    .option('--events <number>', 'number of events', positiveWhole, 100_000)
    .option('--users <number>', 'number of users (default: one per 100 events)', positiveWhole)
    .option('--days <number>', 'days over which the events are spread', positiveWhole, 90)
    .option(
      '--seed <number>',
      'seed of the random generator; the same seed makes the same events',
      positiveWhole,
      1,
    )
    .addOption(
      new Option(
        '--until <date>',
        'events occur before this day, such as 2026-01-31 (default: today, UTC)',
      ).argParser(day),
    )
    .option('--rate <number>', 'maximum events per second', positiveWhole)
    .option('--yes', 'skip the confirmation; required for MONGODB_URI without a terminal')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nWorks on the database directly: MONGODB_URI, or the embedded database in DATA_DIR, which the command\nstarts if no server is running. The same options on the same day (or with the same --until) create the\nsame events, so a second run finds duplicates, and an interrupted run resumes.\n\nExamples:\n  eventline seed --events 1000000\n  eventline seed --events 5000 --rate 50 --seed 2',
    )
    .action(async (options) => (await import('./seed.ts')).seed(terminal, options));
}
