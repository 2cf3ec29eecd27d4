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
import type { Terminal } from '../terminal.ts';

const urlOption = () => new Option('--url <url>', 'the server (default: the one in DATA_DIR)');
const secretOption = () =>
  new Option('--secret <secret>', 'the webhook secret (default: the configured one)');
const tokenOption = () =>
  new Option('--token <jwt>', 'the token to read with (default: a new one)');

/** Adds `simulate|replay|export|seed`; each loads its code when it is called. */
export function addTrafficCommands(program: Command, terminal: Terminal): void {
  program
    .command('simulate')
    .description('post signed sample traffic, with faults on request')
    .option('--rate <number>', 'deliveries per second', positive, 5)
    .option('--users <number>', 'number of users', positiveWhole, 200)
    .option('--duration <span>', 'duration, such as 90s or 10m (default: until Ctrl-C)', span)
    .option(
      '--seed <number>',
      'the same number makes the same traffic, with other times',
      wholeNumber,
    )
    .option('--burst <number>', 'deliveries posted at the same moment', positiveWhole, 1)
    .option('--duplicates <share>', 'share posted twice, such as 5%', share, 0)
    .option('--late <share>', 'share that occurred 5 minutes to 36 hours ago', share, 0)
    .option('--shuffle <number>', 'pick the next one at random from this many', positiveWhole, 1)
    .option('--bad-signature <share>', 'share with a wrong signature', share, 0)
    .option('--malformed <share>', 'share with an invalid body', share, 0)
    .option('--unknown-types <share>', 'share of unknown types', share, 0)
    .option('--verify', 'read everything back at the end and compare it')
    .option('--page <number>', 'events per request when reading back', positiveWhole, 500)
    .addOption(urlOption())
    .addOption(secretOption())
    .addOption(tokenOption())
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      '\nRetries deliveries that are answered 503 or not at all. A table at the end shows what was sent,\nexpected and answered. The exit code is 1 on any difference, so it is an acceptance test of a\ndeployment. The sample events stay in the log.\n\nExamples:\n  eventline simulate --rate 20\n  eventline simulate --rate 100 --duration 1m --duplicates 5% --shuffle 20 --late 3% \\\n    --bad-signature 1% --malformed 1% --unknown-types 2% --verify',
    )
    .action(async (options) => (await import('./simulate.ts')).simulate(terminal, options));

  program
    .command('replay')
    .description('post recorded deliveries again with a new signature')
    .argument('<file>', 'one JSON body per line, or the output of export; - for standard input')
    .option('--rate <number>', 'maximum deliveries per second', positive)
    .option('--parallel <number>', 'concurrent deliveries; 1 keeps the order', positiveWhole, 1)
    .option('--from-line <number>', 'the first line to post', positiveWhole, 1)
    .addOption(urlOption())
    .addOption(secretOption())
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      '\nEvents that are already in the log are answered as duplicates. If interrupted, it prints the\nline to resume from.\n\nExamples:\n  eventline replay bodies.jsonl\n  eventline export | eventline replay - --url http://127.0.0.1:4001 --secret "$OTHER"',
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
    .option('--output <file>', 'a new file (default: standard output)')
    .option('--resume', 'resume an interrupted export in its file')
    .option('--no-personal', 'omit personal data such as phone and e-mail; user ids stay')
    .option('--page <number>', 'events per request', positiveWhole, 500)
    .addOption(urlOption())
    .addOption(tokenOption())
    .addHelpText(
      'after',
      '\nCSV is for spreadsheets: the payload is one cell, and line breaks in type names become spaces.\n\nExamples:\n  eventline export --type message_sent --since 2026-01-01 --format csv --output january.csv\n  eventline export --output all.jsonl || eventline export --output all.jsonl --resume',
    )
    .action(async (options) => (await import('./export.ts')).exportEvents(terminal, options));

  program
    .command('seed')
    .description('for development: fill the log with sample users and their events')
    .option('--events <number>', 'number of events', positiveWhole, 100_000)
    .option('--users <number>', 'number of users (default: one per 100 events)', positiveWhole)
    .option('--days <number>', 'days over which the events are spread', positiveWhole, 90)
    .option('--seed <number>', 'the same number makes the same events', positiveWhole, 1)
    .addOption(
      new Option(
        '--until <date>',
        'the last day, such as 2026-01-31 (default: today, UTC)',
      ).argParser(day),
    )
    .option('--rate <number>', 'maximum events per second', positiveWhole)
    .option('--yes', 'skip the confirmation; required for MONGODB_URI without a terminal')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nWorks on the database directly: on MONGODB_URI, or on the embedded one in DATA_DIR, whether a\nserver runs on it or not. The same options on the same day (or with the same --until) create the\nsame events, so a second run finds duplicates, and an interrupted run resumes.\n\nExamples:\n  eventline seed --events 1000000\n  eventline seed --events 5000 --rate 50 --seed 2',
    )
    .action(async (options) => (await import('./seed.ts')).seed(terminal, options));
}
