import { configureGlobal, readConfigureGlobal } from 'fast-check'

/** Each run of the tests searches elsewhere, unless MOTORWATCH_SEED says where: then two runs of one commit do the same. */
const seed = process.env['MOTORWATCH_SEED']
if (seed !== undefined) {
  if (!/^-?\d+$/.test(seed)) throw new Error(`MOTORWATCH_SEED is '${seed}'; expected a whole number`)
  configureGlobal({ ...readConfigureGlobal(), seed: Number(seed) | 0 })
}
