import { alertRules } from './alert-rules.js'
import { dashboards } from './dashboards.js'

const json = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`

/** What is in `grafana/`, by its path there. */
export const files: ReadonlyMap<string, string> = new Map([
  ...[...dashboards].map(([name, dashboard]) => [`dashboards/${name}.json`, json(dashboard)] as const),
  // JSON is YAML, which Grafana reads here.
  ['provisioning/alerting/motorwatch.yaml', json({ apiVersion: 1, groups: [{ orgId: 1, name: alertRules.title, folder: 'motorwatch', interval: `${alertRules.interval}s`, rules: alertRules.rules?.map(({ orgID, folderUID, ruleGroup, ...rule }) => rule) }] })],
])
