/** What every question to the lens returns: plain numbers, a verdict in words, a picture. Numbers survive JSON.stringify. */
export interface Finding {
  /** The verdict, and under it the numbers it rests on, as lines for a terminal. Says what is not known. */
  readonly text: string;
  /** The same as one self-contained SVG (`xmlns` set, white background, no network). */
  picture(): Promise<string>;
}
