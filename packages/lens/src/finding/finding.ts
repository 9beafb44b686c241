/** The common part of every result of the lens: plain numbers, a verdict in words, and a picture. The numbers survive JSON.stringify. */
export interface Finding {
  /** The verdict, followed by the numbers it rests on, as lines for a terminal. It also says what is unknown. */
  readonly text: string;
  /** The same as one self-contained SVG (`xmlns` set, white background, no network). */
  picture(): Promise<string>;
}
