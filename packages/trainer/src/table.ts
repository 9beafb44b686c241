/** Turns the columns of a table into model inputs, one row at a time: for programs that read tables of any length, as the command line does. */
export { type ColumnPlan, type ColumnType, type Encoding, type Impute, imputes, inputsOf } from './table/encoding.ts';
export { type Columns, fieldAt, isDecimal, isMissing, numberIn, placesOf, type Row, received } from './table/fields.ts';
export { wordsIn } from './table/hash.ts';
export { type ExpectedNumber, type RowEncoder, rowEncoder } from './table/rowEncoder.ts';
export { type Scaling, scaled, unscaled } from './table/scale.ts';
