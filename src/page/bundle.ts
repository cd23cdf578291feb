import { fileURLToPath } from 'node:url'

/** The client as one script, with the licence of what is bundled. It wants esbuild, which is there in a clone. */
export async function bundle(): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./client/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'inline',
    banner: { js: '/*! uPlot, MIT License, Copyright (c) 2022 Leon Sorokin, https://github.com/leeoniya/uPlot */' },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}
