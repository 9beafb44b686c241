/** Most pictures that are kept; then every second one goes. */
const most = 400;

/**
 * What a worker sends to be drawn: the newest, and the one that is drawn. They differ where motion is unwelcome, and where an earlier one is looked at
 * again.
 */
export class Pictures<P> {
  newest: P | undefined = $state.raw();
  /** From the first on, in order. */
  kept: readonly P[] = $state.raw([]);
  /** Which of those that are kept is looked at again. */
  at: number | undefined = $state();
  #live: P | undefined = $state.raw();
  readonly shown: P | undefined = $derived(this.at === undefined ? this.#live : this.kept[this.at]);
  readonly #moving: () => boolean;
  /** Pictures between two that are kept. */
  #every = 1;
  #taken = 0;

  /** @param moving whether pictures are shown as they come */
  constructor(moving: () => boolean) {
    this.#moving = moving;
  }

  /** @param anyhow also where motion is unwelcome; the first always is */
  take(picture: P, anyhow: boolean): void {
    this.newest = picture;
    if (anyhow || !this.#live || this.#moving()) this.#live = picture;
    if (this.#taken++ % this.#every === 0) this.#keep(picture);
  }

  #keep(picture: P): void {
    this.kept = [...this.kept, picture];
    if (this.kept.length <= most) return;
    this.kept = this.kept.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
    if (this.at !== undefined) this.at = Math.floor(this.at / 2);
  }

  clear(): void {
    this.newest = undefined;
    this.#live = undefined;
    this.kept = [];
    this.at = undefined;
    this.#every = 1;
    this.#taken = 0;
  }

  readonly show = (): void => {
    this.at = undefined;
    this.#live = this.newest;
  };
}
