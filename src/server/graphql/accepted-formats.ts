import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga';

/** The formats of an answer as JSON; the first one is sent to a client without a preference. */
const JSON_FORMATS = ['application/json', 'application/graphql-response+json'] as const;
const EVENT_STREAM = 'text/event-stream';

interface MediaRange {
  type: string;
  /** 0 excludes the type. */
  quality: number;
}

/** Reads an Accept header. Without a range in it every type is accepted, as without the header. */
function mediaRangesOf({ headers }: Request): readonly MediaRange[] {
  const ranges = (headers.get('accept') ?? '')
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .filter(([type]) => type !== '')
    .map(([type = '', ...parameters]) => ({ type, quality: qualityOf(parameters) }));
  return ranges.length > 0 ? ranges : [{ type: '*/*', quality: 1 }];
}

function qualityOf(parameters: readonly string[]): number {
  const weight = parameters.find((one) => one.startsWith('q='))?.slice('q='.length) ?? '';
  const quality = Number.parseFloat(weight);
  return Number.isNaN(quality) ? 1 : quality;
}

/** Returns the range that decides about a type: the most specific one (RFC 9110, 12.5.1). */
function rangeFor(format: string, ranges: readonly MediaRange[]): MediaRange | undefined {
  const [kind] = format.split('/');
  const found = [format, `${kind}/*`, '*/*'].map((type) => ranges.find((one) => one.type === type));
  return found.find((range) => range !== undefined);
}

/** Returns the JSON format that the client prefers; of equal ones the one it names first. */
function jsonFormatFor(request: Request): (typeof JSON_FORMATS)[number] | undefined {
  const ranges = mediaRangesOf(request);
  return JSON_FORMATS.map((format) => ({ format, range: rangeFor(format, ranges) }))
    .flatMap(({ format, range }) => (range && range.quality > 0 ? [{ format, range }] : []))
    .sort(
      ({ range: one }, { range: other }) =>
        other.quality - one.quality || ranges.indexOf(one) - ranges.indexOf(other),
    )[0]?.format;
}

/** Returns true for a request that accepts an event stream: a subscription needs one. */
export function takesEventStream(request: Request): boolean {
  return (rangeFor(EVENT_STREAM, mediaRangesOf(request))?.quality ?? 0) > 0;
}

/** Returns true for a request that accepts an event stream and nothing else that is sent here. */
export const takesOnlyEventStream = (request: Request): boolean =>
  takesEventStream(request) && jsonFormatFor(request) === undefined;

/**
 * Chooses the format of an answer, and refuses a request before it is executed if it accepts none.
 * Yoga would execute it, and answer 406 without a body; it ignores the weights of an Accept header,
 * and sends `multipart/mixed`, which is for incremental delivery, although there is none here.
 */
export function useAcceptedFormats(): Plugin {
  return {
    onRequestParse({ request }) {
      if (takesEventStream(request) || jsonFormatFor(request) !== undefined) return;
      throw new GraphQLError(
        'Accept: an answer is application/graphql-response+json, application/json or text/event-stream.',
        { extensions: { http: { status: 406 } } },
      );
    },
    onResultProcess({ request, result, setResultProcessor }) {
      if (isAsyncIterable(result)) return;
      setResultProcessor(processRegularResult, jsonFormatFor(request) ?? JSON_FORMATS[0]);
    },
  };
}
