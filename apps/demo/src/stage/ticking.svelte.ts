/** A count that goes on while a miniature is seen and motion is welcome. */
export function ticking(every: number): { readonly value: number } {
  let value = $state(0);
  $effect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => {
      if (!document.hidden) value++;
    }, every);
    return () => clearInterval(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
