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

const urlOption = () => new Option('--url <url>', 'where the server is (default: the one here)');
const secretOption = () =>
  new Option('--secret <secret>', 'the webhook secret (default: the configured one)');
const tokenOption = () =>
  new Option('--token <jwt>', 'the token to read with (default: one made here)');

/** Adds `simulate|replay|export|seed`; each loads its code when it is called. */
export function addTrafficCommands(program: Command, terminal: Terminal): void {
  program
    .command('simulate')
    .description('post made-up traffic, correctly signed, and faults if they are asked for')
    .option('--rate <number>', 'deliveries a second', positive, 5)
    .option('--users <number>', 'how many users', positiveWhole, 200)
    .option('--duration <span>', 'how long, such as 90s or 10m (default: until Ctrl-C)', span)
    .option('--seed <number>', 'the same number makes the same traffic, but for times', wholeNumber)
    .option('--burst <number>', 'so many at the same moment', positiveWhole, 1)
    .option('--duplicates <share>', 'so many are posted twice, such as 5%', share, 0)
    .option('--late <share>', 'so many occurred 5 minutes to 36 hours ago', share, 0)
    .option('--shuffle <number>', 'out of so many the next one is picked', positiveWhole, 1)
    .option('--bad-signature <share>', 'so many are forged', share, 0)
    .option('--malformed <share>', 'so many are broken', share, 0)
    .option('--unknown-types <share>', 'so many are of types that are not known', share, 0)
    .option('--verify', 'read everything back at the end and compare')
    .option('--page <number>', 'events that one request reads back', positiveWhole, 500)
    .addOption(urlOption())
    .addOption(secretOption())
    .addOption(tokenOption())
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      '\nPosts again what is answered 503 or not at all. At the end a table says what was sent, expected and\nanswered; exit code 1 if anything was otherwise: an acceptance test of a deployment. What is made up\nstays in the log for ever.\n\nExamples:\n  eventline simulate --rate 20\n  eventline simulate --rate 100 --duration 1m --duplicates 5% --shuffle 20 --late 3% \\\n    --bad-signature 1% --malformed 1% --unknown-types 2% --verify',
    )
    .action(async (options) => (await import('./simulate.ts')).simulate(terminal, options));

  program
    .command('replay')
    .description('post recorded deliveries again, signed anew')
    .argument('<file>', 'one JSON body a line, or what export has written; - for standard input')
    .option('--rate <number>', 'so many a second at the most', positive)
    .option('--parallel <number>', 'so many at once; 1 keeps the order', positiveWhole, 1)
    .option('--from-line <number>', 'the first line to post', positiveWhole, 1)
    .addOption(urlOption())
    .addOption(secretOption())
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      '\nWhat is in the log already is answered as a duplicate and stays once. Ended half-way, it says from\nwhich line to go on.\n\nExamples:\n  eventline replay bodies.jsonl\n  eventline export | eventline replay - --url http://127.0.0.1:4001 --secret "$OTHER"',
    )
    .action(async (file, options) => (await import('./replay.ts')).replay(terminal, file, options));

  program
    .command('export')
    .description('write stored events as JSON lines or CSV, in the order of the log')
    .option('--type <type>', 'only this type; may be given again', list, [])
    .option('--user <id>', 'only this user; may be given again', list, [])
    .option('--installation <id>', 'only this installation; may be given again', list, [])
    .option('--since <time>', 'occurred then or later: a day (UTC) or an instant', instant)
    .option('--until <time>', 'occurred before', instant)
    .option('--after <cursor>', 'only what came behind this cursor', cursor)
    .addOption(new Option('--format <format>', 'how').choices(['jsonl', 'csv']).default('jsonl'))
    .option('--output <file>', 'a new file (default: standard output)')
    .option('--resume', 'go on in a file in which an export was broken off')
    .option('--no-personal', 'leave out phones, e-mails and the like; ids of users stay')
    .option('--page <number>', 'events that one request asks for', positiveWhole, 500)
    .addOption(urlOption())
    .addOption(tokenOption())
    .addHelpText(
      'after',
      '\nCSV is for spreadsheets: the payload is one cell, and line ends in names become spaces.\n\nExamples:\n  eventline export --type message_sent --since 2026-01-01 --format csv --output january.csv\n  eventline export --output all.jsonl || eventline export --output all.jsonl --resume',
    )
    .action(async (options) => (await import('./export.ts')).exportEvents(terminal, options));

  program
    .command('seed')
    .description('for development: fill the log with made-up users and what they did')
    .option('--events <number>', 'how many events', positiveWhole, 100_000)
    .option('--users <number>', 'how many users (default: one for 100 events)', positiveWhole)
    .option('--days <number>', 'over how many days', positiveWhole, 90)
    .option('--seed <number>', 'the same number makes the same events', positiveWhole, 1)
    .addOption(
      new Option(
        '--until <date>',
        'where the days end, as 2026-01-31 (default: today, UTC)',
      ).argParser(day),
    )
    .option('--rate <number>', 'so many events a second at the most', positiveWhole)
    .option('--yes', 'do not ask; needed for MONGODB_URI where there is no terminal')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nWorks on the database directly: on MONGODB_URI, or on the embedded one in DATA_DIR, whether a\nserver runs on it or not. Run again with the same numbers on the same day (or with the same\n--until) it makes the same events, which are duplicates then: so what was ended goes on.\n\nExamples:\n  eventline seed --events 1000000\n  eventline seed --events 5000 --rate 50 --seed 2',
    )
    .action(async (options) => (await import('./seed.ts')).seed(terminal, options));
}
