/** The target will not take it, however often it is tried. */
export class Refused extends Error {
  override readonly name = 'Refused'
}
