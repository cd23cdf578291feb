/** More properties on an object, whose getters stay getters. */
export const withProperties = <A extends object, B extends object>(object: A, more: B): A & B => Object.defineProperties(object, Object.getOwnPropertyDescriptors(more)) as A & B
