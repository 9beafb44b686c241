/** Colours of the page's theme as a canvas takes them, read again when light turns to dark. */

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
      const style = getComputedStyle(canvas);
      const context = canvas.getContext('2d');
      if (!context) return;
      const entries = this.#names.map(name => {
        // the canvas writes any colour as #rrggbb
        context.fillStyle = style.getPropertyValue(`--${name}`).trim();
        return [name, String(context.fillStyle)];
      });
      this.value = Object.fromEntries(entries) as Record<N, string>;
    };
    read();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', read);
    return () => dark.removeEventListener('change', read);
  };
}
