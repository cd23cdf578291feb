import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { blocksOf, filesIn, fileOf, pages, root } from './blocks.js'
import { runCode, statesValues } from './run-code.js'

/** Code that a reader may copy, and where its first line stands. */
interface Example {
  readonly path: string
  readonly line: number
  readonly code: string
  /** Of a block that is a file of its page: it is imported from there as `./hot.js`. */
  readonly file?: string | undefined
}

/** An `@example` is TypeScript up to the next tag: diagrams and words in it are comments. */
function inComments(path: string): readonly Example[] {
  const lines = readFileSync(join(root, path), 'utf8').split('\n')
  return lines.flatMap((line, i) => {
    if (!/^\s*\* @example\s*$/.test(line)) return []
    const length = lines.slice(i + 1).findIndex((next) => /^\s*\*(\/| @)/.test(next))
    return [{ path, line: i + 2, code: lines.slice(i + 1, i + 1 + length).map((next) => next.replace(/^\s*\* ?/, '')).join('\n') }]
  })
}

const examples: readonly Example[] = [
  ...filesIn('src', '.ts').flatMap(inComments),
  ...pages.flatMap(blocksOf).filter(({ language }) => language === 'ts').map((block) => ({ ...block, file: fileOf(block) })),
]
const isComment = ({ path }: Example): boolean => path.startsWith('src/')

/** What an example in a comment may speak of without saying where it is from; of two modules with the same name the first. In a page all is imported. */
const modules = [
  'motorwatch', 'motorwatch/testing', 'motorwatch/detectors', 'motorwatch/metrics', 'motorwatch/page', 'motorwatch/sinks/jsonl', 'motorwatch/sinks/memory', 'motorwatch/sinks/parquet', 'motorwatch/sinks/influx', 'motorwatch/sinks/kafka', 'motorwatch/sinks/minio', 'motorwatch/sinks/webhook', 'motorwatch/sinks/alertmanager', 'motorwatch/sinks/email', 'motorwatch/sinks/mqtt',
  'motorwatch/sources/commands', 'motorwatch/sources/jsonl', 'motorwatch/sources/kafka', 'motorwatch/sources/minio', 'motorwatch/sources/mqtt', 'motorwatch/sources/parquet', 'motorwatch/sources/simulator', 'rxjs',
]
const given: Readonly<Record<string, string>> = {
  time: "import('motorwatch').Timeline",
  rules: "readonly import('motorwatch').Rule[]",
  hot: "import('motorwatch').Rule",
  source: "import('motorwatch').Source",
  pipeline: "import('motorwatch').Pipeline",
  sinks: "readonly import('motorwatch').Sink[]",
  accessKey: 'string',
  secretKey: 'string',
  signal: 'AbortSignal',
  s3: "import('motorwatch/sinks/minio').S3Connection",
  outputs$: "import('rxjs').Observable<import('motorwatch').Output>",
  mine: "(options: object, time: import('motorwatch').Timeline) => import('rxjs').OperatorFunction<import('motorwatch').Reading, import('motorwatch').Item>",
  isVibration: "(reading: import('motorwatch').Reading) => boolean",
  isCurrent: "(reading: import('motorwatch').Reading) => boolean",
}

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { readonly config: object }
const options = { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, noUnusedLocals: false, noUnusedParameters: false }
const virtual = new Map<string, string>()
const host = ts.createCompilerHost(options)
const { fileExists, getSourceFile } = host
const parsed = new Map<string, ts.SourceFile | undefined>()
host.fileExists = (name) => virtual.has(name) || fileExists(name)
host.getSourceFile = (name, ...rest) => {
  const text = virtual.get(name)
  if (text !== undefined) return ts.createSourceFile(name, text, rest[0])
  if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest))
  return parsed.get(name)
}
const compile = (before?: ts.Program): ts.Program => ts.createProgram([...virtual.keys()], options, host, before)
const place = (name: string): string => join(root, 'test/docs', `${name}.ts`)

function compiled(): (example: Example) => readonly string[] {
  for (const [i, module] of modules.entries()) virtual.set(place(`module-${i}`), `export * from '${module}'`)
  const first = compile()
  const checker = first.getTypeChecker()
  const from = new Map<string, string>()
  for (const [i, module] of modules.entries())
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(first.getSourceFile(place(`module-${i}`))!)!)) {
      const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      if (!from.has(symbol.name)) from.set(symbol.name, `import ${flags & ts.SymbolFlags.Value ? '' : 'type '}{ ${symbol.name} } from '${module}'`)
    }
  virtual.clear()
  const nameOf = (example: Example): string => `example-${examples.indexOf(example)}`
  const fileOf = (example: Example): string => place(nameOf(example))
  for (const example of examples) {
    const code = example.code.replace(/ from '\.\/([\w-]+)\.js'/g, (whole, name: string) => {
      const own = examples.find(({ path, file }) => path === example.path && file === `${name}.ts`)
      return own === undefined ? whole : ` from './${nameOf(own)}.js'`
    })
    if (!isComment(example)) {
      virtual.set(fileOf(example), `export {}\n${code}`)
      continue
    }
    const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) => names!.split(',').map((name) => name.trim()))
    const own = new Set([...imported, ...[...code.matchAll(/\b(?:const|let|function|interface|type) (\w+\$?)/g)].map(([, name]) => name!)])
    const words = [...new Set(code.replace(/\/\/.*$/gm, '').match(/[\w$]+/g))].filter((word) => !own.has(word))
    const head = words.flatMap((word) =>
      given[word] !== undefined ? [`declare const ${word}: ${given[word]}`]
      : [from.get(word) ?? ''])
    virtual.set(fileOf(example), `${head.filter((line) => line !== '').join('; ')}; export {}\n${code}`)
  }
  const program = compile(first)
  return (example) => {
    const file = program.getSourceFile(fileOf(example))!
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ start = 0, messageText }) => {
      const { line } = file.getLineAndCharacterOfPosition(start)
      return `${example.path}:${example.line + line - 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  }
}

const wrongIn = compiled()

test('there are some in the comments, and some in the README', () => {
  expect(examples.filter(({ path }) => path.startsWith('src/')).length).toBeGreaterThan(10)
  expect(examples.filter(({ path }) => path === 'README.md').length).toBeGreaterThan(0)
  expect(examples.filter(({ code }) => code.trim() === '')).toEqual([])
})

test.each(examples.map((example) => [`${example.path}:${example.line}`, example] as const))('%s compiles', (_, example) => {
  expect(wrongIn(example)).toEqual([])
})

const runnable = examples.filter((example) => isComment(example) && (example.code.includes('.gives(') || statesValues(example.code)))

test.each(runnable.map((example) => [`${example.path}:${example.line}`, example] as const))('%s gives what it says', async (_, { code }) => {
  const all = Object.assign({}, ...await Promise.all([...modules].reverse().map((module) => import(module)))) as Readonly<Record<string, unknown>>
  const names = Object.fromEntries(Object.entries(all).filter(([name]) => new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(import .*|(const|let|function) )\\b${name}\\b`).test(code)))
  await runCode(code, (value, stated) => { expect(rounded(value)).toEqual(stated) }, { names })
})

const rounded = (of: unknown): unknown => (typeof of === 'number' ? Number(of.toPrecision(12)) : Array.isArray(of) ? of.map(rounded) : of)

test('each detector has an example whose value is compared', () => {
  const found = new Set(runnable.filter(({ code }) => statesValues(code)).map(({ path }) => path))
  const detectors = filesIn('src/detectors', '.ts').filter((path) => /: Detector</.test(readFileSync(join(root, path), 'utf8')) && !path.endsWith('/scores.ts'))
  expect(detectors.filter((path) => !found.has(path))).toEqual([])
})

test('a marble example is among them', () => {
  expect(runnable.map(({ path }) => path)).toContain('src/testing/marbles.ts')
})
