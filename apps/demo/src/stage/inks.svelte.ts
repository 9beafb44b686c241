/** Colours of the page's theme as a canvas takes them, read again when they change. */
import { inksOf, onTheme } from './theme.ts';

export class Inks<N extends string> {
  /** By name, as #rrggbb; none before the canvas is there. */
  value: Readonly<Record<N, string>> | undefined = $state.raw();
  readonly #names: readonly N[];

  /** @param names custom properties of the theme, without the two dashes */
  constructor(names: readonly N[]) {
    this.#names = names;
  }

  /** For the canvas: `{@attach inks.attach}`. */
  readonly attach = (canvas: HTMLCanvasElement): (() => void) => {
    const read = (): void => {
      this.value = inksOf(canvas, this.#names);
    };
    read();
    return onTheme(read);
  };
}
