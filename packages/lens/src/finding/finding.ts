/** What every question to the lens returns: plain numbers, a verdict in words, and a picture. The numbers survive JSON.stringify. */
export interface Finding {
  /** The verdict, followed by the numbers it rests on, as lines for a terminal. It says what is not known. */
  readonly text: string;
  /** The same as one self-contained SVG (`xmlns` set, white background, no network). */
  picture(): Promise<string>;
}
