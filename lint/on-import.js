/** Calls `visit(source node, specifier, statement)` for every import, re-export, dynamic import and import type of a file. */
export const onImport = (visit) => {
  const see = (statement) => {
    const source = statement.source
    if (source?.type === 'Literal' && typeof source.value === 'string') visit(source, source.value, statement)
  }
  return {
    ImportDeclaration: see,
    ExportNamedDeclaration: see,
    ExportAllDeclaration: see,
    ImportExpression: see,
    TSImportType: see,
  }
}
