import { WrongOption } from './wrong-option.js'

/** What is made of the environment; throws `WrongOption` where that is wrong. */
export function configured<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new WrongOption((error as Error).message, { cause: error })
  }
}
