/** Kernels of recurrent layers, as they are registered. */
export const LSTM = 'KeepprobLSTM';
export const LSTM_GRAD = 'KeepprobLSTMGrad';
export const GRU = 'KeepprobGRU';
export const GRU_GRAD = 'KeepprobGRUGrad';
export const SIMPLE_RNN = 'KeepprobSimpleRNN';
export const SIMPLE_RNN_GRAD = 'KeepprobSimpleRNNGrad';
/** Gradients by W and by U. */
export const ROWS_PRODUCT = 'KeepprobRowsProduct';
export const STATE_PRODUCT = 'KeepprobStateProduct';
