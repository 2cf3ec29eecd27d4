import { GraphQLError } from 'graphql';
import { type Plugin, processRegularResult } from 'graphql-yoga';

const STREAM = /text\/(?:event-stream|\*)|\*\/\*/i;
const JSON_OR_PARTS = /application\/(?:json|graphql-response\+json|\*)|\*\/\*|multipart\/mixed/i;

const acceptOf = ({ headers }: Request) => headers.get('accept') ?? '*/*';

/** Returns true for a request that accepts an event stream: a subscription needs one. */
export const takesEventStream = (request: Request): boolean => STREAM.test(acceptOf(request));

/** Returns true for a request that accepts an event stream and nothing else that is sent here. */
export const takesOnlyEventStream = (request: Request): boolean =>
  takesEventStream(request) && !JSON_OR_PARTS.test(acceptOf(request));

/**
 * Refuses a request before it is executed if it accepts no format of an answer. Yoga would execute
 * it, and answer 406 without a body.
 */
export function useAcceptedFormats(): Plugin {
  return {
    onRequestParse({ request }) {
      if (takesEventStream(request) || JSON_OR_PARTS.test(acceptOf(request))) return;
      throw new GraphQLError(
        'Accept: an answer is application/graphql-response+json, application/json or text/event-stream.',
        { extensions: { http: { status: 406 } } },
      );
    },
    onResultProcess({ resultProcessor, setResultProcessor }) {
      if (!resultProcessor) setResultProcessor(processRegularResult, 'application/json');
    },
  };
}
