/** Plugins in stock `model.fit`. */
export { type Attachment, type AttachOptions, attach } from './stock/attach.ts';
