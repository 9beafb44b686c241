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
