import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  type ValidationContext,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type LimitName, type Limits, limitTable } from '../../config/limits.ts';
import { complexityRule } from '../../schema/complexity.ts';
import { createIntrospectionCost } from '../../schema/introspection-cost.ts';
import { schema } from '../../schema/schema.ts';
import { createComplexityCache } from './complexity-cache.ts';
import { findInvalidVariable } from './find-invalid-variable.ts';
import type { Mask } from './mask-error.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Refuses documents that exceed the limits of `config/limits.ts`, and invalid variables, on every
 * transport: HTTP, SSE and WebSocket all use Yoga's enveloped functions.
 *
 * It uses the rules of graphql-armor and not its plugins. The plugins throw during validation,
 * after which graphql-ws closes the socket, and their messages do not name our settings.
 *
 * @param mask makes an error readable for clients
 */
export function useDocumentLimits(limits: Limits, mask: Mask): Plugin {
  const rules = [
    // graphql-js has its own rule for introspection (MaxIntrospectionDepthRule).
    maxDepthRule({ n: limits.maxDepth, ignoreIntrospection: true, ...reporting('maxDepth') }),
    // By default armor ignores aliases of `__typename`.
    maxAliasesRule({ n: limits.maxAliases, allowList: [], ...reporting('maxAliases') }),
    maxDirectivesRule({ n: limits.maxDirectives, ...reporting('maxDirectives') }),
  ];

  const passed = createComplexityCache();
  const { measure, mostCost } = createIntrospectionCost(schema);

  /** Allows one `__schema`, as large as in the introspection query of graphql-js, which tools use. */
  function introspectsTooMuch(document: DocumentNode, operation: OperationDefinitionNode) {
    const { schemas, cost } = measure(document, operation);
    if (schemas <= 1 && cost <= mostCost) return undefined;
    return new GraphQLError(
      'The operation introspects too much: at most one `__schema`, with as many fields as the introspection query of graphql-js.',
    );
  }

  /** Runs after the other rules, which guarantee that it terminates. */
  function refusalOf(args: ExecutionArgs) {
    const operation = getOperationAST(args.document, args.operationName);
    // An operation that cannot run has no cost; its execution reports why.
    if (!operation || !args.schema.getRootType(operation.operation)) return false;
    const { requestId } = args.contextValue as RequestContext;
    // Execution would report up to 50 of them and print the whole variable in each.
    const invalid = findInvalidVariable(args, operation);
    if (invalid) return { errors: [mask(invalid, requestId)] };
    const variables = (args.variableValues ?? {}) as Record<string, unknown>;
    const known = passed.of(args.document, operation, variables);
    if (known.has()) return false;
    const refusal = introspectsTooMuch(args.document, operation);
    if (refusal) return { errors: [mask(refusal, requestId)] };
    const rule = complexityRule(limits, {
      variables,
      operationName: args.operationName ?? undefined,
    });
    const errors = validate(args.schema, args.document, [rule]);
    if (errors.length === 0) {
      known.add();
      return false;
    }
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
    // Both checks depend on the variables, and Yoga caches validation per document.
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args as ExecutionArgs);
      if (refusal) setResultAndStopExecution(refusal);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args as ExecutionArgs);
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

/** Adds the setting to armor's message: "Query depth limit of 12 exceeded, found 13 (…)." */
function named(name: LimitName, { message }: GraphQLError): GraphQLError {
  const syntaxError = message.replace(/^Syntax Error: /, '').replace(/\.$/, '');
  return new GraphQLError(`${syntaxError} (${limitTable[name].setting}).`);
}
