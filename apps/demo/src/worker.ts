/** The worker of every scene: what they have in common is fetched once. The first message says which of them it is to be. */
const scenes = import.meta.glob('./scenes/*/worker.ts');

/** What came before the scene was there to hear it. */
const early: MessageEvent[] = [];
let name: string | undefined;

async function open(scene: string): Promise<void> {
  await scenes[`./scenes/${scene}/worker.ts`]?.();
  removeEventListener('message', listen);
  for (const { data } of early) dispatchEvent(new MessageEvent('message', { data }));
}

function listen(event: MessageEvent): void {
  if (name !== undefined) {
    early.push(event);
    return;
  }
  name = String(event.data);
  open(name).catch(error =>
    // so that the page hears of it: a promise that fails is not told to whoever has started the worker
    setTimeout(() => {
      throw error;
    }),
  );
}

addEventListener('message', listen);
