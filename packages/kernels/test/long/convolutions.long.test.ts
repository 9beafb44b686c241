/** All random cases of windows over images and volumes; `npm test` tries a twentieth of them. */
import '../conv.test.ts';
import '../conv3d.test.ts';
import '../fused/conv.test.ts';
import '../pool.test.ts';
import '../pool3d.test.ts';
import '../winograd.test.ts';
