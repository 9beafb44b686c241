/** In Node, where TF.js finds its binaries itself. */
import { program } from './program.js';

console.log(JSON.stringify(await program()));
