import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { inserts } from '../../log/append/telemetry.ts';
import { arrivals, deliveryReports, parsedDeliveries } from '../../webhook/telemetry.ts';
import type { Tracing } from './tracing.ts';
import type { TracingOptions } from './tracing-options.ts';

/** Service name unless OTEL_SERVICE_NAME is set. */
const SERVICE = 'eventline';
const WEBHOOK = '/webhooks/events';
/** Time limit to send the last traces on shutdown, in milliseconds. */
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * Starts to export traces by OTLP. Spans contain what a delivery's log line does: status, event
 * type, position and request id, and no part of the payload.
 *
 * One delivery is one trace: the POST, its publication, and, for the first delivery of a batch, the
 * insert, to which the batch's other deliveries are linked. The caller's `traceparent` is
 * continued.
 */
export async function startTracing({ protocol, sampler, batch }: TracingOptions): Promise<Tracing> {
  const exporter = await createExporter(protocol);
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': SERVICE }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: toSampler(sampler),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batch })],
  });
  const tracer = provider.getTracer(SERVICE);
  const propagator = new W3CTraceContextPropagator();
  const byRequest = new WeakMap<IncomingMessage, { span: Span; digest?: string }>();
  /** Pending deliveries by digest. */
  const byDigest = new Map<string, Context>();
  const keyOf = ({ digest }: { digest: Buffer }) => digest.toString('base64');

  const ends = [
    arrivals.subscribe((request) => {
      const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
      const attributes = {
        'http.request.method': request.method ?? '',
        // Another path may hold a user id, and a query a secret.
        ...(isWebhook(request) && { 'url.path': WEBHOOK }),
      };
      const options = { kind: SpanKind.SERVER, attributes };
      byRequest.set(request, { span: tracer.startSpan(`POST ${WEBHOOK}`, options, parent) });
    }),
    parsedDeliveries.subscribe(({ request, event }) => {
      const known = byRequest.get(request);
      if (known === undefined) return;
      const digest = keyOf(event);
      // Of concurrent identical deliveries only the first is stored.
      if (byDigest.has(digest)) return;
      known.digest = digest;
      byDigest.set(digest, trace.setSpan(ROOT_CONTEXT, known.span));
    }),
    deliveryReports.subscribe(({ request, report }) => {
      const known = byRequest.get(request);
      if (known === undefined) return;
      const { span, digest } = known;
      const { status, answer, eventType, position, requestId } = report;
      span.setAttributes({
        'http.response.status_code': status,
        'eventline.answer': answer,
        'eventline.request_id': requestId,
        ...(eventType !== undefined && { 'eventline.event.type': eventType }),
        ...(position !== undefined && { 'eventline.position': position }),
      });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      if (digest !== undefined) byDigest.delete(digest);
    }),
    inserts.subscribe(({ batch: events, durationMs, outcome }) => {
      const contexts = events.flatMap((event) => byDigest.get(keyOf(event)) ?? []);
      const [first, ...others] = contexts;
      if (first === undefined) return;
      const endMs = Date.now();
      const links = others.flatMap((context) => {
        const spanContext = trace.getSpanContext(context);
        return spanContext ? [{ context: spanContext }] : [];
      });
      const attributes = {
        'db.system.name': 'mongodb',
        'db.operation.name': 'insertMany',
        'db.collection.name': 'events',
        'db.operation.batch.size': events.length,
        'eventline.outcome': outcome,
      };
      const startTime = endMs - durationMs;
      const options = { kind: SpanKind.CLIENT, startTime, links, attributes };
      tracer.startSpan('insert events', options, first).end(endMs);
    }),
  ];

  return {
    onPublish(event) {
      const context = byDigest.get(keyOf(event));
      if (context === undefined) return undefined;
      const attributes = { 'eventline.event.type': event.type };
      const span = tracer.startSpan('publish', { kind: SpanKind.INTERNAL, attributes }, context);
      return () => span.end();
    },
    async close() {
      for (const end of ends) end();
      const given = new AbortController();
      const late = wait(CLOSE_TIMEOUT_MS, undefined, { signal: given.signal });
      // An unavailable or slow collector must not keep the process from exiting.
      await Promise.race([provider.shutdown(), late]).catch(() => undefined);
      given.abort();
      await late.catch(() => undefined);
    },
  };
}

async function createExporter(protocol: TracingOptions['protocol']): Promise<SpanExporter> {
  if (protocol === 'http/json') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    return new OTLPTraceExporter();
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

function toSampler({ name, ratio }: TracingOptions['sampler']): Sampler {
  const [, parentBased, own] = /^(parentbased_)?(.*)$/.exec(name) ?? [];
  const sampler =
    own === 'always_off'
      ? new AlwaysOffSampler()
      : own === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return parentBased ? new ParentBasedSampler({ root: sampler }) : sampler;
}

function isWebhook({ url = '' }: IncomingMessage): boolean {
  return url.split('?', 1)[0] === WEBHOOK;
}
