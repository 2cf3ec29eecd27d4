import { ConfigError } from '../../config/config.ts';

/** Standard OpenTelemetry variables beside those that the exporter reads itself. */
export interface TracingOptions {
  protocol: 'http/protobuf' | 'http/json';
  sampler: { name: string; ratio: number };
  /** Options of the batch processor; undefined: its defaults. */
  batch: {
    scheduledDelayMillis?: number;
    maxQueueSize?: number;
    maxExportBatchSize?: number;
    exportTimeoutMillis?: number;
  };
}

const SAMPLERS = ['always_on', 'always_off', 'traceidratio'];

/**
 * Reads whether traces are exported: when an endpoint for them is set. Source: OpenTelemetry,
 * "Environment Variable Specification" and "OTLP Exporter Configuration".
 *
 * @returns undefined when they are not
 * @throws ConfigError for unsupported values
 */
export function readTracingOptions(env: NodeJS.ProcessEnv): TracingOptions | undefined {
  const given = (name: string) => env[name]?.trim() || undefined;
  const isDisabled = given('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  const exporter = given('OTEL_TRACES_EXPORTER');
  const endpoint =
    given('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? given('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (isDisabled || exporter === 'none') return undefined;
  if (endpoint === undefined && exporter === undefined) return undefined;

  const faults: string[] = [];
  if (exporter !== undefined && exporter !== 'otlp') {
    faults.push('OTEL_TRACES_EXPORTER: otlp and none are taken');
  }
  const protocol =
    given('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ??
    given('OTEL_EXPORTER_OTLP_PROTOCOL') ??
    'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    faults.push(
      'OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf and http/json are taken; collectors listen for them on port 4318',
    );
  }
  const name = given('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  if (!SAMPLERS.includes(name.replace(/^parentbased_/, ''))) {
    faults.push(`OTEL_TRACES_SAMPLER: ${SAMPLERS.join(', ')} are taken, also behind parentbased_`);
  }
  const ratio = Number(given('OTEL_TRACES_SAMPLER_ARG') ?? 1);
  if (!(ratio >= 0 && ratio <= 1)) faults.push('OTEL_TRACES_SAMPLER_ARG: expected 0 to 1');
  const number = (setting: string) => {
    const text = given(setting);
    if (text !== undefined && !/^\d+$/.test(text))
      faults.push(`${setting}: expected a whole number`);
    return text === undefined ? undefined : Number(text);
  };
  const batch = {
    scheduledDelayMillis: number('OTEL_BSP_SCHEDULE_DELAY'),
    maxQueueSize: number('OTEL_BSP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    exportTimeoutMillis: number('OTEL_BSP_EXPORT_TIMEOUT'),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    protocol: protocol as TracingOptions['protocol'],
    sampler: { name, ratio },
    batch: Object.fromEntries(Object.entries(batch).filter(([, value]) => value !== undefined)),
  };
}
