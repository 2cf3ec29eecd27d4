import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import {
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  type ValidationContext,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type LimitName, type Limits, limitTable } from '../../config/limits.ts';
import { complexityRule } from '../../schema/complexity.ts';
import { createComplexityCache } from './complexity-cache.ts';
import type { Mask } from './mask-error.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Refuses documents that are too large, too deep, or ask for too much. It holds on every transport:
 * HTTP, SSE and WebSocket all go through Yoga's enveloped functions.
 *
 * It takes the rules of graphql-armor and not its plugins: those throw out of the validation, on
 * which graphql-ws would close the socket, and their messages do not name our settings.
 *
 * @param mask makes an error one that clients may read
 */
export function useDocumentLimits(limits: Limits, mask: Mask): Plugin {
  const rules = [
    // Introspection has a rule of its own in graphql-js (MaxIntrospectionDepthRule).
    maxDepthRule({ n: limits.maxDepth, ignoreIntrospection: true, ...reporting('maxDepth') }),
    // Armor lets any number of aliases of `__typename` pass unless told not to.
    maxAliasesRule({ n: limits.maxAliases, allowList: [], ...reporting('maxAliases') }),
    maxDirectivesRule({ n: limits.maxDirectives, ...reporting('maxDirectives') }),
  ];

  const passed = createComplexityCache();

  /** Behind the other rules, since they make sure that it ends. */
  function tooComplex(args: ExecutionArgs) {
    const operation = getOperationAST(args.document, args.operationName);
    // What cannot run costs nothing, and the execution says why it cannot.
    if (!operation || !args.schema.getRootType(operation.operation)) return false;
    const variables = (args.variableValues ?? {}) as Record<string, unknown>;
    const known = passed.of(args.document, operation, variables);
    if (known.has()) return false;
    const rule = complexityRule(limits, {
      variables,
      operationName: args.operationName ?? undefined,
    });
    const errors = validate(args.schema, args.document, [rule]);
    if (errors.length === 0) {
      known.add();
      return false;
    }
    const { requestId } = args.contextValue as RequestContext;
    return { errors: errors.map((error) => mask(error, requestId)) };
  }

  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options?: object) =>
        new MaxTokensParserWLexer(source, {
          ...options,
          n: limits.maxTokens,
          onReject: [
            (_, error) => {
              throw named('maxTokens', error);
            },
          ],
        }).parseDocument(),
      );
    },
    onValidate({ addValidationRule }) {
      for (const rule of rules) addValidationRule(rule as never);
    },
    // The cost follows from the variables, and Yoga keeps results of validation by the document.
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = tooComplex(args as ExecutionArgs);
      if (refusal) setResultAndStopExecution(refusal);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = tooComplex(args as ExecutionArgs);
      if (refusal) setResultAndStopExecution(refusal);
    },
  };
}

function reporting(name: LimitName) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError) =>
        context?.reportError(named(name, error)),
    ],
  };
}

/** Armor's message with the name of the setting: "Query depth limit of 12 exceeded, found 13 (…)." */
function named(name: LimitName, { message }: GraphQLError): GraphQLError {
  const said = message.replace(/^Syntax Error: /, '').replace(/\.$/, '');
  return new GraphQLError(`${said} (${limitTable[name].setting}).`);
}
