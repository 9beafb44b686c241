/** All random cases of the other kernels; `npm test` tries a twentieth of them. */
import '../copy.test.ts';
import '../dropout.test.ts';
import '../fused/einsum.test.ts';
import '../fused/matMul.test.ts';
import '../fused/norms.test.ts';
import '../gradients/activations.test.ts';
import '../gradients/derivatives.test.ts';
import '../gradients/normalize.test.ts';
import '../matMul.test.ts';
import '../noise.test.ts';
import '../recurrent/sequence.test.ts';
import '../reduce.test.ts';
