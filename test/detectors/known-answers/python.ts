import { pythonWith } from '../../oracle/virtualenv.js'
import type { Python } from '../../oracle/virtualenv.js'

/** A Python that has NumPy, pandas, SciPy, statsmodels and river. */
export const scientific = (): Python =>
  pythonWith({ name: 'motorwatch-river', packages: ['river==0.26.1', 'statsmodels==0.15.0', 'numpy==2.4.6'], imports: 'numpy, pandas, scipy, statsmodels, river', versions: ['3.11', '3.12', '3.13'] })
