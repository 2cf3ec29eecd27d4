import { get } from '../server/request.ts';

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Returns the current samples of a server's `/metrics`, in the Prometheus text format (0.0.4). */
export async function scrapeSamples(url: string): Promise<Sample[]> {
  const { status, text } = await get(`${url}/metrics`);
  if (status !== 200) throw new Error(`/metrics answered ${status}`);
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toSample);
}

/** Returns them by name and labels as written: `eventline_x_total{a="b"}`. */
export async function scrape(url: string): Promise<Map<string, number>> {
  const samples = await scrapeSamples(url);
  return new Map(
    samples.map(({ name, labels, value }) => {
      const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
      return [pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name, value];
    }),
  );
}

function toSample(line: string): Sample {
  const [, name = '', inner = '', text] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (text === undefined) throw new Error(`no sample: ${line}`);
  const pairs = [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, key, value]) => [key, value])),
    value: text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text),
  };
}
