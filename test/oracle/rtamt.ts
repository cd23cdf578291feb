import { pythonWith } from './virtualenv.js'
import type { Python } from './virtualenv.js'

/** A Python that has RTAMT. 3.13 has no `typing.io`, which its parser needs. */
export const rtamt = (): Python => pythonWith({ name: 'motorwatch-rtamt', packages: ['rtamt==0.4.10', 'antlr4-python3-runtime==4.7'], imports: 'rtamt', versions: ['3.11', '3.12'] })
