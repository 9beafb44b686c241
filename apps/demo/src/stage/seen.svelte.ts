/** Whether a part of the page is in sight, or nearly: what nobody sees need not be drawn. */
export class Seen {
  is = $state(false);

  /** For the part: `{@attach seen.attach}`. */
  readonly attach = (element: Element): (() => void) => {
    const observer = new IntersectionObserver(
      entries => {
        this.is = entries.at(-1)?.isIntersecting ?? false;
      },
      { rootMargin: '25% 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
