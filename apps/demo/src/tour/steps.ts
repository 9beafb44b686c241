/** The guided tour, in the order of the lecture: before each experiment a prediction is asked for, then the run answers. */

export interface Answer {
  readonly text: string;
  /** What the scene's claim must have found for it to be right. */
  readonly found: string;
}

export interface Step {
  /** The scene that shows it. */
  readonly scene: string;
  /** The settings that it begins with, as the address has them. */
  readonly settings: string;
  readonly question: string;
  readonly answers: readonly Answer[];
  /** Which of the scene's claims the run answers, from 0. */
  readonly claim: number;
  /** What the lecture says to it. */
  readonly lecture: string;
}

const plane = 'iterations=3000';

export const steps: readonly Step[] = [
  {
    scene: 'plane',
    settings: plane,
    question: 'Three networks learn from the same 211 points. Which of them will fit these training points best?',
    answers: [
      { text: 'The one without regularization', found: 'none' },
      { text: 'The one with L2', found: 'l2' },
      { text: 'The one with dropout', found: 'dropout' },
      { text: 'More than one of them', found: 'several' },
    ],
    claim: 0,
    lecture:
      'Regularization does not help to fit what is trained on. It is there for points that the network has not seen.',
  },
  {
    scene: 'plane',
    settings: plane,
    question: 'And on 400 points that none of them has seen: will the network with L2 err less than the one without?',
    answers: [
      { text: 'Yes, it errs less', found: 'above' },
      { text: 'No, it errs more', found: 'below' },
      { text: 'It cannot be told from 400 points', found: 'cannot tell' },
    ],
    claim: 1,
    lecture:
      'L2 keeps weights small, so that the border bends less around single points. How much that helps depends on the data.',
  },
  {
    scene: 'digits',
    settings: 'trainSize=500&epochs=40',
    question:
      'Now real handwriting: 500 digits, and a network large enough to learn them by heart. Will dropout, L2 and max-norm lower the error on 2,000 other digits?',
    answers: [
      { text: 'Yes', found: 'above' },
      { text: 'No, they raise it', found: 'below' },
      { text: 'It cannot be told', found: 'cannot tell' },
    ],
    claim: 1,
    lecture: 'A unit cannot rely on any one input, since that may be dropped at random. So it spreads its weights.',
  },
  {
    scene: 'lecture',
    settings: 'iterations=3000',
    question:
      'The lecture’s own network, whole and thinned. In which of the two will the sum of the squared weights be smaller in the end?',
    answers: [
      { text: 'In the thinned one: dropout shrinks weights', found: 'smaller' },
      { text: 'In the whole one', found: 'larger' },
    ],
    claim: 3,
    lecture:
      'Spreading the weights shrinks their squared norm, which is what L2 does, too. With few units much depends on chance.',
  },
  {
    scene: 'cost',
    settings: '',
    question: 'Gradient descent on all points, with dropout on. Will J fall in every iteration?',
    answers: [
      { text: 'Yes, in every one', found: 'falls' },
      { text: 'No, it will rise now and then', found: 'rises' },
    ],
    claim: 0,
    lecture: 'With dropout on, J is not well defined: each iteration looks at another, smaller network.',
  },
  {
    scene: 'cost',
    settings: 'learningRate=5',
    question: 'Now the learning rate is 5. Look at the network without dropout: will its J fall in every iteration?',
    answers: [
      { text: 'Yes: without dropout it always falls', found: 'falls' },
      { text: 'No, it will rise', found: 'rises' },
    ],
    claim: 1,
    lecture: 'That is why dropout is turned off to look for faults: a rise of J then is a real one.',
  },
  {
    scene: 'should',
    settings: 'points=1000&noise=0&extra=0&epochs=25&keepProb=0.9&lambda=0&pairs=8',
    question: 'Many clean points: 1,000, with no wrong labels. Should this network be regularized by dropout?',
    answers: [
      { text: 'Yes, it helps', found: 'helps' },
      { text: 'No, it hurts', found: 'hurts' },
      { text: 'It cannot be told', found: 'cannot tell' },
    ],
    claim: 1,
    lecture: 'Regularization is for networks that overfit. Where there are data enough, leave it out.',
  },
];

/** Where the tour is: at which step, from 0, and which answer was given there. */
export interface Place {
  readonly at: number;
  readonly answer: number | undefined;
}

/** From the address: `3` is the third step, `3b` the same with the second answer. Undefined for what is no place of the tour. */
export function placeOf(text: string): Place | undefined {
  const [, number = '', letter] = /^([1-9]\d?)([a-d])?$/.exec(text) ?? [];
  const at = Number(number) - 1;
  const step = steps[at];
  if (!step) return undefined;
  const answer = letter === undefined ? undefined : letter.charCodeAt(0) - 97;
  return answer !== undefined && answer >= step.answers.length ? { at, answer: undefined } : { at, answer };
}

export const textOf = ({ at, answer }: Place): string =>
  `${at + 1}${answer === undefined ? '' : String.fromCharCode(97 + answer)}`;

/** The address of a step, before an answer. */
export function addressOf(at: number): string {
  const step = steps[at];
  return step ? `#/${step.scene}?${[step.settings, `tour=${at + 1}`].filter(Boolean).join('&')}` : '#/';
}

/** What came of a prediction. */
export function outcome(step: Step, answer: number, found: string): string {
  if (step.answers[answer]?.found === found) return 'As you predicted.';
  if (found === 'cannot tell') return 'Neither: this run cannot tell.';
  const right = step.answers.find(other => other.found === found);
  return right ? `Not as you predicted: “${right.text}” it is.` : 'It came out as none of these answers has it.';
}
