/** The run before, which stays behind the curves of this one until another takes its place. */

export class Ghosts<S> {
  /** The settings that it had in the end; undefined where no run has been before. */
  before: S | undefined = $state.raw();
  hidden = $state(false);
  readonly #keepers = new Set<() => boolean>();

  /**
   * For a chart, as long as it is on the page.
   * @param keeper is called when a run is about to be forgotten: keeps what is drawn, and says whether there was anything
   */
  readonly attend = (keeper: () => boolean): (() => void) => {
    this.#keepers.add(keeper);
    return () => this.#keepers.delete(keeper);
  };

  /** A run ends. One that has drawn nothing takes no other's place. */
  leave(settings: S): void {
    const kept = [...this.#keepers].map(keep => keep());
    if (kept.includes(true)) this.before = settings;
  }
}
