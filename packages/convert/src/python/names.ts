/** Names in Python scripts. Layers may have any name; in scripts they get identifiers, so that names from files cannot become code. */
import { distinct } from '@keepprob/core/driver';

const keywords =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass ' +
  'raise return try while with yield match case type print self super torch nn F keras layers load_file Path x abs all any bool bytes dict dir filter float format hash ' +
  'id input int iter len list map max min next object pow range repr reversed round set slice sorted str sum tuple vars zip';
/** Attributes of `torch.nn.Module`, which a layer must not hide. */
const attributes =
  'T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer ' +
  'get_extra_state get_parameter get_submodule half load_state_dict modules named_buffers named_children named_modules named_parameters parameters ' +
  'register_buffer register_forward_hook register_module register_parameter requires_grad_ set_extra_state share_memory state_dict to to_empty train training ' +
  'xpu zero_grad';
const taken = new Set(`${keywords} ${attributes}`.split(' '));

/** The name as an identifier without another meaning: `conv2d_1`, `_2nd`, `train_`. */
export function identifier(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 60) || 'layer';
  const begun = /^[0-9]/.test(plain) || plain.startsWith('__') ? `layer_${plain}` : plain;
  return taken.has(begun) ? `${begun}_` : begun;
}

/** Unique identifiers for names in one scope. */
export const identifiers = (names: readonly string[]): string[] => distinct(names.map(identifier));

/** Suffixes that translations append to the name of a layer, if it takes more than one attribute or variable. */
const behind = /_(all|alpha|backward|c|depthwise|dropout|forward|h|inner|mask|out\d+|pointwise|steps|\d+_)+$/;

/** Identifiers for the layers of a model; none equals the name of another layer with a suffix. */
export function attributesOf(names: readonly string[]): string[] {
  const all = identifiers(names);
  const taken = new Set(all);
  return distinct(all.map(name => (behind.test(name) && taken.has(name.replace(behind, '')) ? `${name}_` : name)));
}

/** `ImageEncoder` for `image_encoder`. */
export const className = (name: string): string =>
  identifier(name)
    .split('_')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
    .replace(/^(?![A-Z])/, 'Model');
