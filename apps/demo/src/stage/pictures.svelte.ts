/** What a worker sends to be drawn: the newest, and the one that is drawn. They differ where motion is unwelcome. */
export class Pictures<P> {
  newest: P | undefined = $state.raw();
  shown: P | undefined = $state.raw();
  readonly #moving: () => boolean;

  /** @param moving whether pictures are shown as they come */
  constructor(moving: () => boolean) {
    this.#moving = moving;
  }

  /** @param anyhow also where motion is unwelcome; the first always is */
  take(picture: P, anyhow: boolean): void {
    this.newest = picture;
    if (anyhow || !this.shown || this.#moving()) this.shown = picture;
  }

  clear(): void {
    this.newest = undefined;
    this.shown = undefined;
  }

  readonly show = (): void => {
    this.shown = this.newest;
  };
}
