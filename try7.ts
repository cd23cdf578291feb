import { learned } from './src/rules/index.js'
import { tryFaults } from './test/scoreboard/simulator/trial.js'
const t = Date.now()
for (let s = 1; s <= 2; s++) console.log(JSON.stringify(tryFaults({ learned: learned() }, s), null, 0).replaceAll('},', '},\n'), (Date.now() - t) / 1000)
