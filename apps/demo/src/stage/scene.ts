/** A scene as the home page and the router see it. */
import type { Component } from 'svelte';

export interface Scene {
  /** Its folder, and its address: `#/digits`. */
  readonly name: string;
  readonly title: string;
  /** What it asks, for its card. */
  readonly teaser: string;
  /** A miniature that lives, for its card: small, and without TensorFlow.js. */
  readonly picture: Component;
  /** Its page, fetched when it is opened. */
  readonly load: () => Promise<{ readonly default: Component<{ query: string; name: string }> }>;
}

/** What a scene says of itself. */
export interface Story {
  readonly title: string;
  /** What part of the lecture it is about. */
  readonly lecture: { readonly name: string; readonly href: string };
  readonly network: string;
}

/** What the lecture says, and what the run shows of it, whichever way it goes. */
export interface Claim {
  readonly said: string;
  readonly shown: string;
  /** The same in one word, for who has predicted it; missing where it is not known yet. */
  readonly found?: string | undefined;
}
