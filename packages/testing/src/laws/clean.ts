import { type Trained, trainBare } from '../bare.ts';
import { ensure, leaked } from '../expect.ts';
import type { Law } from '../subject.ts';

/** Training leaves no tensor behind. `make` builds the net with the subject in it. */
export const cleanTraining = <S>(make: (subject: S) => Trained): Law<S> => ({
  name: 'thirty steps leave no tensor behind',
  async check(subject) {
    const train = async (epochs: number): Promise<void> => {
      const { model, plugins } = make(subject);
      await trainBare(model, plugins, { epochs });
      model.dispose();
    };
    // afterwards, tensors that are made once and kept exist
    await train(2);
    const left = await leaked(() => train(10));
    ensure(left === 0, `${left} more tensors after a run of 30 steps`);
  },
});
