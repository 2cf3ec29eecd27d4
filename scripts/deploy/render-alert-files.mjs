/**
 * Returns the files that repeat the alert rules, by their paths: a PrometheusRule, since Kustomize cannot
 * include a file, and a copy in the Helm chart, since Helm reads files of the chart only.
 *
 * @param {string} rules the text of deploy/prometheus/alerts.yml
 */
export function renderAlertFiles(rules) {
  const [, body] = /^(?:#.*\n)+(groups:\n[\s\S]*)$/.exec(rules) ?? [];
  if (body === undefined) throw new Error('alerts.yml: expected comments, then groups');
  const note = '# Generated from deploy/prometheus/alerts.yml by `npm run generate`.\n';
  const spec = body.replace(/^(?=.)/gm, '  ');
  return {
    'deploy/kubernetes/monitoring/prometheus-rule.yaml': `${note}apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: eventline
  labels: { app.kubernetes.io/name: eventline }
spec:
${spec}`,
    'deploy/helm/eventline/files/alerts.yml': `${note}${body}`,
  };
}
