import { format } from 'node:util'
import ts from 'typescript'

export interface Run {
  /** What it has printed, line by line. */
  readonly printed: readonly string[]
  readonly exports: Readonly<Record<string, unknown>>
  /** How many values it states that were compared. */
  readonly compared: number
}

export interface RunOptions {
  /** Modules that it imports by relative paths. */
  readonly own?: ReadonlyMap<string, unknown>
  /** What it speaks of without importing it. */
  readonly names?: Readonly<Record<string, unknown>>
}

const LITERAL = /^(?:-?\d[\d_.]*(?:e-?\d+)?|'[^']*'|true|false|\[.*\]|\{ .* \})$/
const STATED = /[^\s/].* \/\/ (.+)$/gm

type Compare = (value: unknown, stated: unknown) => void

/** Statements behind which a comment states the value compare it: `duration('1m') // 60000`, `const n = 1 + 1 // 2`, `console.log(n) // 2`. */
function comparing(code: string): { readonly code: string; readonly compared: number } {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true)
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = []
  const stated = (statement: ts.Node): string | undefined => {
    const [comment] = ts.getTrailingCommentRanges(code, statement.end) ?? []
    const text = comment === undefined ? '' : code.slice(comment.pos, comment.end).replace(/^\/\/\s*/, '')
    return LITERAL.test(text) ? text : undefined
  }
  const walk = (node: ts.Node): void => {
    const value = ts.isExpressionStatement(node) || ts.isVariableStatement(node) ? stated(node) : undefined
    if (value !== undefined && ts.isExpressionStatement(node)) {
      const { expression } = node
      const printed = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log' ? expression.arguments[0]! : undefined
      const of = printed ?? expression
      edits.push({ from: expression.getStart(), to: expression.end, text: `is(${of.getText()}, ${value})` })
    } else if (value !== undefined && ts.isVariableStatement(node)) edits.push({ from: node.end, to: node.end, text: `; is(${node.declarationList.declarations[0]!.name.getText()}, ${value})` })
    else ts.forEachChild(node, walk)
  }
  walk(file)
  const all = [...code.matchAll(STATED)].filter(([, text]) => LITERAL.test(text!))
  if (all.length > edits.length) throw new Error(`it states ${all.length} values, and ${edits.length} of them stand behind a statement that can be compared`)
  let text = code
  for (const { from, to, text: put } of [...edits].reverse()) text = text.slice(0, from) + put + text.slice(to)
  return { code: text, compared: edits.length }
}

const AsyncFunction = (async () => undefined).constructor as new (...args: readonly string[]) => (...values: readonly unknown[]) => Promise<void>

/** Whether it states a value behind a statement. */
export const statesValues = (code: string): boolean => [...code.matchAll(STATED)].some(([, text]) => LITERAL.test(text!))

/** Runs TypeScript as a module, and compares the values that it states by `compare`. */
export async function runCode(code: string, compare: Compare, { own = new Map(), names = {} }: RunOptions = {}): Promise<Run> {
  const { code: checked, compared } = comparing(code)
  const { outputText } = ts.transpileModule(checked, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: false } })
  const imported = [...outputText.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!)
  const modules = new Map(await Promise.all(imported.map(async (name) => [name, own.has(name) ? own.get(name) : name.startsWith('.') ? missing(name) : await import(name)] as const)))
  const printed: string[] = []
  const exported: Record<string, unknown> = {}
  const given = {
    ...names,
    require: (name: string) => modules.get(name),
    exports: exported,
    console: { log: (...values: readonly unknown[]) => { printed.push(...format(...values).split('\n')) } },
    is: compare,
  }
  await new AsyncFunction(...Object.keys(given), outputText)(...Object.values(given))
  return { printed, exports: exported, compared }
}

const missing = (name: string): never => {
  throw new Error(`no block before it on the page is the file ${name.replace('./', '').replace(/\.js$/, '.ts')}`)
}
