import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig, settingNames } from '../../src/config/config.ts';
import { get } from '../server/request.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

const compose = parse(read('deploy/compose.yaml'), { merge: true });
// biome-ignore lint/suspicious/noExplicitAny: manifests of several kinds
const manifests: any[] = ['eventline', 'secret.example', 'kustomization'].flatMap((name) =>
  parseAllDocuments(read(`deploy/kubernetes/${name}.yaml`)).map((document) => document.toJS()),
);
const manifestsOfKind = (kind: string) => manifests.find((manifest) => manifest.kind === kind);
const dockerfile = read('deploy/Dockerfile');
const unit = read('deploy/systemd/eventline.service');
/** The maximum duration of a stop, as declared in the program. */
const stopMs = Number(/STOP_MS = ([\d_]+)/.exec(read('src/main.ts'))?.[1]?.replaceAll('_', ''));

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('Kubernetes', () => {
  const pod = manifestsOfKind('Deployment').spec.template;
  const [container] = pod.spec.containers;

  test('every selector matches the pods', () => {
    const { labels } = pod.metadata;
    for (const selector of [
      manifestsOfKind('Deployment').spec.selector.matchLabels,
      manifestsOfKind('Service').spec.selector,
      manifestsOfKind('PodDisruptionBudget').spec.selector.matchLabels,
      pod.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
    ]) {
      expect(labels).toEqual(expect.objectContaining(selector));
    }
    expect(manifestsOfKind('PodDisruptionBudget').spec.minAvailable).toBeLessThan(
      manifestsOfKind('Deployment').spec.replicas,
    );
  });

  test('all settings exist and suffice for production', () => {
    const given = { ...manifestsOfKind('ConfigMap').data, ...manifestsOfKind('Secret').stringData };
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys(given)));
    expect(() => readConfig({ ...given, NODE_ENV: 'production' })).not.toThrow();
    const names = container.envFrom.map(
      (from: Record<string, { name: string }>) => Object.values(from)[0]?.name,
    );
    expect(names).toEqual([
      manifestsOfKind('ConfigMap').metadata.name,
      manifestsOfKind('Secret').metadata.name,
    ]);
    // The example with placeholders must not be applied by accident.
    expect(manifestsOfKind('Kustomization').resources).toEqual(['eventline.yaml']);
  });

  test.each(['startupProbe', 'livenessProbe', 'readinessProbe'])(
    'the %s is answered',
    async (probe) => {
      const { path, port } = container[probe].httpGet;
      expect((await get(`${server.url}${path}`)).status).toBe(200);
      expect(container.ports).toContainEqual({ name: port, containerPort: 4000 });
      expect(path).toBe(probe === 'readinessProbe' ? '/health/ready' : '/health/live');
    },
  );

  test('the ports of the service, the scrape and the image are the same', () => {
    const port = manifestsOfKind('ConfigMap').data.METRICS_PORT;
    expect(pod.metadata.annotations['prometheus.io/port']).toBe(port);
    expect(container.ports).toEqual([
      { name: 'http', containerPort: 4000 },
      { name: 'metrics', containerPort: Number(port) },
    ]);
    const { ports } = manifestsOfKind('Service').spec;
    expect(ports).toMatchObject([{ targetPort: 'http' }, { targetPort: 'metrics' }]);
    expect(dockerfile).toMatch(/PORT=4000[\s\S]*EXPOSE 4000/);
  });

  test('the ServiceMonitor selects the Service, under the job name of the alert rules', () => {
    const { spec } = parse(read('deploy/kubernetes/monitoring/service-monitor.yaml'));
    const { labels } = manifestsOfKind('Service').metadata;
    expect(labels).toEqual(expect.objectContaining(spec.selector.matchLabels));
    expect(labels[spec.jobLabel]).toBe('eventline');
    const names = manifestsOfKind('Service').spec.ports.map(({ name }: { name: string }) => name);
    expect(names).toContain(spec.endpoints[0].port);
  });

  test('the Ingress passes everything to the port http, and larger deliveries than are accepted', () => {
    const { spec, metadata } = parse(read('deploy/kubernetes/ingress.yaml'));
    const [path] = spec.rules[0].http.paths;
    expect(path).toMatchObject({ path: '/', pathType: 'Prefix' });
    expect(path.backend.service).toEqual({
      name: manifestsOfKind('Service').metadata.name,
      port: { name: 'http' },
    });
    expect(spec.tls[0].hosts).toEqual([spec.rules[0].host]);
    const { annotations } = metadata;
    expect(annotations['nginx.ingress.kubernetes.io/proxy-body-size']).toBe('2m');
    // A ping every 12 seconds keeps idle connections open.
    const seconds = Number(annotations['nginx.ingress.kubernetes.io/proxy-read-timeout']);
    expect(seconds).toBeGreaterThan(2 * 12);
  });

  test("the grace period is longer than the server's own", () => {
    const seconds = pod.spec.terminationGracePeriodSeconds;
    const waitedMs = Number(/, (\d+)\)/.exec(container.lifecycle.preStop.exec.command.at(-1))?.[1]);
    expect(seconds * 1_000).toBeGreaterThan(stopMs + waitedMs);
  });

  test("the container runs as the image's user, not root, with a read-only file system", () => {
    const user = pod.spec.securityContext.runAsUser;
    expect(dockerfile).toContain(`USER ${user}:`);
    expect(user).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

describe('compose', () => {
  const instances = ['eventline-1', 'eventline-2'];

  test('runs two instances on one replica set, with settings that suffice for production', () => {
    for (const name of instances) {
      const { environment, stop_grace_period: grace } = compose.services[name];
      expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
      const filled = Object.entries(environment).map(([key, value]) => [
        key,
        String(value).replace(/\$\{\w+:([?-])(.*)\}/, (_, kind, text) =>
          kind === '-' ? text : 'a-secret-of-32-bytes-or-more-than-that',
        ),
      ]);
      const config = readConfig({ ...Object.fromEntries(filled), NODE_ENV: 'production' });
      const hosts = config.mongodbUri?.match(/mongo\d/g);
      expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(hosts ?? []));
      expect(hosts).toHaveLength(3);
      expect(Number.parseInt(grace, 10) * 1_000).toBeGreaterThan(stopMs);
    }
  });

  test('takes from the environment what signing in on the pages needs', () => {
    const guide = read('docs/guide/authentication.md').split('## People sign in')[1];
    const steps = guide?.split('Behind a proxy')[0] ?? '';
    const needed = [...new Set(steps.match(/\b(OIDC_\w+|LIVE_PAGE|GRAPHIQL)\b/g))];
    expect(needed.length).toBeGreaterThan(5);
    for (const name of [...needed, 'AUTH_USER_CLAIM']) {
      expect(compose.services['eventline-1'].environment[name]).toBe(`\${${name}:-}`);
    }
  });

  test('the members on one machine bound their caches', () => {
    for (const name of ['mongo1', 'mongo2', 'mongo3']) {
      expect(compose.services[name].command.join(' ')).toContain('--wiredTigerCacheSizeGB');
    }
  });

  test('every dependency exists, and every volume is declared', () => {
    // biome-ignore lint/suspicious/noExplicitAny: services of several kinds
    for (const service of Object.values<any>(compose.services)) {
      expect(Object.keys(compose.services)).toEqual(
        expect.arrayContaining(Object.keys(service.depends_on ?? {})),
      );
      for (const volume of (service.volumes ?? []) as string[]) {
        const [source = ''] = volume.split(':');
        if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  test('the proxy routes to both instances, checks readiness, and hides the metrics', async () => {
    const caddyfile = read('deploy/Caddyfile');
    expect(caddyfile).toContain(
      `reverse_proxy {$UPSTREAMS:${instances.map((name) => `${name}:4000`).join(' ')}}`,
    );
    const [, path = ''] = /health_uri (\S+)/.exec(caddyfile) ?? [];
    expect(path).toBe('/health/ready');
    const { status, headers } = await get(`${server.url}${path}`);
    expect(status).toBe(200);
    // The proxy must close idle connections first, or a request may hit a closed connection.
    const [, ofProxy] = /keepalive (\d+)s/.exec(caddyfile) ?? [];
    const [, ofServer] = /timeout=(\d+)/.exec(String(headers['keep-alive'])) ?? [];
    expect(Number(ofProxy)).toBeLessThan(Number(ofServer));
    const [, inside = ''] = /@inside path (\S+)/.exec(caddyfile) ?? [];
    expect((await get(`${server.url}${inside}`)).headers['content-type']).toMatch(
      /version=0\.0\.4/,
    );
    const scraped: string[] = parse(read('deploy/prometheus/scrape.yml')).scrape_configs[0]
      .static_configs[0].targets;
    const { METRICS_PORT } = compose.services[instances[0] as string].environment;
    expect(scraped).toEqual(instances.map((name) => `${name}:${METRICS_PORT}`));
    expect(caddyfile).not.toContain(METRICS_PORT);
  });

  test('Prometheus and Grafana read the files that are mounted, on this machine only', () => {
    const { prometheus, grafana } = compose.services;
    for (const { profiles, ports } of [prometheus, grafana]) {
      expect(profiles).toEqual(['monitoring']);
      expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    }
    const scrape = parse(read('deploy/prometheus/scrape.yml'));
    expect(prometheus.command[0]).toBe('--config.file=/etc/prometheus/scrape.yml');
    expect(prometheus.volumes).toContain('./prometheus:/etc/prometheus:ro');
    for (const file of scrape.rule_files) read(`deploy/prometheus/${file}`);
    const [, variable = ''] = /^\$\{(\w+)\}$/.exec(scrape.global.external_labels.runbooks) ?? [];
    expect(prometheus.environment).toHaveProperty(variable);

    const [source] = parse(
      read('deploy/grafana/provisioning/datasources/prometheus.yaml'),
    ).datasources;
    expect(source).toMatchObject({ isDefault: true, url: 'http://prometheus:9090' });
    const [provider] = parse(
      read('deploy/grafana/provisioning/dashboards/eventline.yaml'),
    ).providers;
    const dashboard = `${provider.options.path}/eventline.json`;
    expect(grafana.volumes).toContain(`./grafana/dashboard.json:${dashboard}:ro`);
    expect(grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(dashboard);
  });
});

test("the image starts the package's command, has a health check, and does not run as root", async () => {
  expect(dockerfile).toMatch(/ENTRYPOINT \["node", .*"\/app\/dist\/main\.js"\]\nCMD \["serve"\]/);
  const [, path = ''] = /process\.env\.PORT \+ '([^']+)'/.exec(dockerfile) ?? [];
  expect([path, (await get(`${server.url}${path}`)).status]).toEqual(['/health/live', 200]);
  expect(dockerfile).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  expect(dockerfile).toMatch(/NODE_ENV=production/);
});

test('systemd allows the time to stop, and does not restart after configuration errors', () => {
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];
  expect(Number(value('TimeoutStopSec')) * 1_000).toBeGreaterThan(stopMs);
  // The exit code for an invalid configuration.
  const [, code] = /EXIT_CONFIG = (\d)/.exec(read('src/main.ts')) ?? [];
  expect(value('RestartPreventExitStatus')).toBe(code);
  expect(value('ExecStart')).toMatch(/ dist\/main\.js serve$/);
});
