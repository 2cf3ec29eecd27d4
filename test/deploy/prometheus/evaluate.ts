import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { type Element, histogramQuantile, increase } from './functions.ts';
import { labelsKey, type Point, type Series, type TimeSeries } from './time-series.ts';

/** How long a sample stays valid without a newer one (Prometheus' default). */
const LOOKBACK_MS = 5 * 60_000;
const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

type Value = number | Element[];

interface Group {
  labels: Element['labels'];
  values: number[];
}

/** Parses a PromQL expression. @throws SyntaxError for invalid text */
export function parsePromql(text: string): SyntaxNode {
  const tree = parser.parse(text);
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) throw new SyntaxError(`no PromQL at ${from}: ${text}`);
    },
  });
  const { firstChild } = tree.topNode;
  if (firstChild === null) throw new SyntaxError('an empty expression');
  return firstChild;
}

/** Converts a duration such as `15m` to milliseconds. */
export function durationMs(text: string): number {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new SyntaxError(`no duration: ${text}`);
  return Number(number) * unitMs;
}

/**
 * Evaluates an expression at an instant like Prometheus, for the part of PromQL that the alert
 * rules use: selectors, `sum`, `min` and `max` with `by`, `increase`, `rate`, `histogram_quantile`,
 * `absent`, arithmetic and comparisons between vectors with the same labels and with numbers.
 *
 * @throws SyntaxError for anything else, so that no rule is evaluated wrongly
 */
export function evaluate(text: string, series: TimeSeries, atMs: number): Element[] {
  const textOf = (node: SyntaxNode) => text.slice(node.from, node.to);
  const unknown = (node: SyntaxNode) => new SyntaxError(`not evaluated here: ${textOf(node)}`);

  function resultOf(node: SyntaxNode): Value {
    if (node.name === 'ParenExpr') return resultOf(childOf(node, 0));
    if (node.name === 'NumberDurationLiteral') return Number(textOf(node));
    if (node.name === 'VectorSelector') return instant(selected(node));
    if (node.name === 'AggregateExpr') return aggregate(node);
    if (node.name === 'FunctionCall') return call(node);
    if (node.name === 'BinaryExpr') return binary(node);
    throw unknown(node);
  }

  function vectorOf(node: SyntaxNode): Element[] {
    const value = resultOf(node);
    if (typeof value === 'number') throw unknown(node);
    return value;
  }

  function selected(node: SyntaxNode): Series[] {
    const name = textOf(childOf(node, 0));
    const tests = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
    const matchers = tests.map((test) => {
      const [label, operator, literal] = [0, 1, 2].map((index) => textOf(childOf(test, index)));
      const wanted = JSON.parse(literal ?? '""');
      const matches = (value: string) =>
        /~/.test(operator ?? '') ? new RegExp(`^(?:${wanted})$`).test(value) : value === wanted;
      return (labels: Series['labels']) =>
        matches(labels[label ?? ''] ?? '') !== operator?.startsWith('!');
    });
    return [...series.all()].filter(
      (one) => one.name === name && matchers.every((matches) => matches(one.labels)),
    );
  }

  function instant(found: readonly Series[]): Element[] {
    return found.flatMap(({ labels, points }) => {
      const last = points.findLast((point) => point.atMs <= atMs);
      if (!last || last.isStale || last.atMs <= atMs - LOOKBACK_MS) return [];
      return [{ labels, value: last.value }];
    });
  }

  function call(node: SyntaxNode): Element[] {
    const name = textOf(childOf(node, 0));
    const [first, second] = argumentsOf(node);
    if (name === 'histogram_quantile' && first && second) {
      return histogramQuantile(Number(textOf(first)), vectorOf(second));
    }
    // The element has the labels of the selector, of which the rules use none.
    if (name === 'absent' && first)
      return vectorOf(first).length === 0 ? [{ labels: {}, value: 1 }] : [];
    if ((name !== 'increase' && name !== 'rate') || first?.name !== 'MatrixSelector') {
      throw unknown(node);
    }
    const rangeMs = durationMs(textOf(childOf(first, 1)));
    const inRange = ({ atMs: ms, isStale }: Point) => ms > atMs - rangeMs && ms <= atMs && !isStale;
    return selected(childOf(first, 0)).flatMap(({ labels, points }) => {
      const grown = increase(points.filter(inRange), atMs, rangeMs);
      if (grown === undefined) return [];
      return [{ labels, value: name === 'rate' ? grown / (rangeMs / 1_000) : grown }];
    });
  }

  function aggregate(node: SyntaxNode): Element[] {
    const operator = textOf(childOf(node, 0));
    const modifier = node.getChild('AggregateModifier');
    if (modifier && textOf(modifier).startsWith('without')) throw unknown(node);
    const names = modifier?.getChild('GroupingLabels')?.getChildren('LabelName').map(textOf) ?? [];
    const [inner] = argumentsOf(node);
    if (inner === undefined) throw unknown(node);
    const groups = new Map<string, Group>();
    for (const { labels, value } of vectorOf(inner)) {
      const kept = names.flatMap((name) => (labels[name] ? [[name, labels[name]]] : []));
      const own = Object.fromEntries(kept);
      const group: Group = groups.get(labelsKey(own)) ?? { labels: own, values: [] };
      group.values.push(value);
      groups.set(labelsKey(own), group);
    }
    const reduce = aggregations[operator];
    if (reduce === undefined) throw unknown(node);
    return [...groups.values()].map(({ labels, values }) => ({ labels, value: reduce(values) }));
  }

  function binary(node: SyntaxNode): Value {
    const [left, operator, right, more] = childrenOf(node);
    if (!left || !operator || !right || more) throw unknown(node);
    const [one, other] = [resultOf(left), resultOf(right)];
    const compute = arithmetic[textOf(operator)];
    const compare = comparisons[textOf(operator)];
    if (typeof one === 'number') throw unknown(node);
    return one.flatMap(({ labels, value }) => {
      const second =
        typeof other === 'number'
          ? other
          : other.find((element) => labelsKey(element.labels) === labelsKey(labels))?.value;
      if (second === undefined) return [];
      if (compute) return [{ labels, value: compute(value, second) }];
      if (!compare) throw unknown(node);
      return compare(value, second) ? [{ labels, value }] : [];
    });
  }

  return vectorOf(parsePromql(text));
}

const aggregations: Record<string, (values: number[]) => number> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
};
const arithmetic: Record<string, (one: number, other: number) => number> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => one / other,
};
const comparisons: Record<string, (one: number, other: number) => boolean> = {
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
};

function childOf(node: SyntaxNode, index: number): SyntaxNode {
  const children = childrenOf(node);
  const child = children[index];
  if (child === undefined) throw new SyntaxError(`${node.name} has no part ${index}`);
  return child;
}

function argumentsOf(node: SyntaxNode): SyntaxNode[] {
  const body = node.getChild('FunctionCallBody');
  return body ? childrenOf(body) : [];
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}
