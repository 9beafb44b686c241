import { expect, test } from 'vitest';
import { logName, logOf, OptionError, signOf } from '../../src/index.ts';

const falls =
  'loss valLoss val_loss cost penalty valPenalty cleanLoss layer2Loss valDecoder2Loss accelerationLoss account_loss'
    .concat(
      ' recallLoss meanSquaredError meanAbsoluteError valMse mae categoricalCrossentropy gap accuracyLoss f1Error loss_1',
    )
    .split(' ');
const rises =
  'accuracy valAccuracy val_acc acc binaryAccuracy valTop5Accuracy auc valAUC auc_1 precision valRecall f1 valF1Score'
    .concat(' iou meanIoU diceCoefficient r2 valR2Score lossAccuracy')
    .split(' ');

test.each(falls)('%s falls', name => expect(signOf('plugin', name, 'auto')).toBe(1));
test.each(rises)('%s rises', name => expect(signOf('plugin', name, 'auto')).toBe(-1));

test.each(['score', 'valThing', 'acceleration', 'valAccount', 'layer2', 'precisely', '', '2'])(
  '"%s" does not tell, so the mode must',
  name => {
    expect(() => signOf('plugin', name, 'auto')).toThrow(OptionError);
    expect(() => signOf('plugin', name, 'auto')).toThrow(/plugin: invalid value for option `mode`.*'min' or 'max'/);
    expect([signOf('plugin', name, 'min'), signOf('plugin', name, 'max')]).toEqual([1, -1]);
  },
);

test('a log may be called as stock fit calls it', () => {
  expect([logName('val_loss'), logName('val_top_5_accuracy'), logName('valLoss')]).toEqual([
    'valLoss',
    'valTop5Accuracy',
    'valLoss',
  ]);
  expect(logOf('plugin', { valLoss: 2 }, 'val_loss')).toBe(2);
  expect(() => logOf('plugin', { valLoss: 2 }, 'val_los')).toThrow('valLoss');
});
