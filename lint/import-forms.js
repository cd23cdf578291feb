import { onImport } from './on-import.js'

/** The named exports of kafkajs that Node finds in its CommonJS; listed by importing kafkajs 2.2.4 with plain Node. */
const kafkaNames = ['AssignerProtocol', 'CompressionTypes', 'Kafka', 'PartitionAssigners', 'Partitioners', 'default', 'logLevel']

const isType = (node) => node.importKind === 'type' || node.exportKind === 'type'

const imported = (statement) => isType(statement) ? [] : (statement.specifiers ?? [])
  .filter((specifier) => !isType(specifier) && (specifier.type === 'ImportSpecifier' || specifier.type === 'ExportSpecifier'))
  .map((specifier) => (specifier.imported ?? specifier.local).name)

const isDefault = (specifier) => specifier.type === 'ImportDefaultSpecifier'

const wrong = (specifier, statement) => {
  const deep = /^(fp-ts|io-ts)\/(?!lib\/[\w-]+\.js$)(?:(?:lib|es6)\/)?([\w-]*)/.exec(specifier)
  if (deep !== null && specifier !== `${deep[1]}/package.json`) {
    return `plain Node does not find '${specifier}': write '${deep[1]}/lib/${deep[2] || '<Module>'}.js'`
  }
  if (specifier === 'kafkajs') {
    const names = imported(statement).filter((name) => !kafkaNames.includes(name))
    if (names.length > 0) {
      return `plain Node does not find ${names.join(', ')} in kafkajs: write import kafkajs from 'kafkajs', then const { ${names.join(', ')} } = kafkajs`
    }
  }
  if (specifier === 'minio' && !isType(statement)) {
    const defaults = (statement.specifiers ?? []).some(isDefault) || imported(statement).includes('default')
    if (defaults) return "minio has no default export in plain Node: write import { Client } from 'minio'"
  }
  if (/^\.{1,2}(\/|$)/.test(specifier) && !/\.(js|mjs|cjs|json)$/.test(specifier)) {
    const right = /^\.{1,2}\/?$/.test(specifier) ? `${specifier.replace(/\/$/, '')}/index.js` : `${specifier.replace(/\.[mc]?tsx?$|\/$/, '')}.js`
    return `plain Node needs the file's full name: write '${right}'`
  }
  return undefined
}

/** Imports that tsc and vitest take and plain Node does not. */
export default {
  meta: { type: 'problem', schema: [], docs: { description: 'only import forms that plain Node accepts' } },
  create: (context) => onImport((node, specifier, statement) => {
    const message = wrong(specifier, statement)
    if (message !== undefined) context.report({ node, message })
  }),
}
