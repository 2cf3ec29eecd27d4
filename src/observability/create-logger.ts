import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

const MAX_MESSAGE_LENGTH = 500;
const MAX_CAUSES = 3;
/** The key in MongoDB's message about a duplicate: an event's is a digest of its content. */
const STORED_KEY = /(dup key:).*/s;

export interface LoggerOptions {
  level: string;
  /** Human-readable lines for a terminal instead of one JSON object per line. */
  pretty: boolean;
  /** Colours of human-readable lines. */
  colours?: boolean;
  destination: NodeJS.WritableStream;
}

/**
 * Creates the logger. The logged fields of an error are listed here, since drivers attach whole
 * documents to theirs.
 */
export function createLogger({
  level,
  pretty: isPretty,
  colours = false,
  destination,
}: LoggerOptions): Logger {
  const stream = isPretty
    ? pretty({
        colorize: colours,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss.l',
        singleLine: true,
        destination,
      })
    : destination;
  return pino(
    {
      level,
      // As log collectors expect them: `info` and RFC 3339 instead of 30 and milliseconds.
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => describe(error, MAX_CAUSES) },
    },
    stream,
  );
}

interface ErrorDescription {
  name: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: ErrorDescription;
}

function describe(error: unknown, causes: number): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error' };
  const { code } = error as { code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    name: error.name,
    message: error.message.replace(STORED_KEY, '$1…').slice(0, MAX_MESSAGE_LENGTH),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(frames && { stack: frames.join('\n') }),
    ...(error.cause !== undefined && causes > 0 && { cause: describe(error.cause, causes - 1) }),
  };
}
