/**
 * Where the inputs of a model's layers come from, as a saved model has it (`inboundNodes` of its config), with positions in place of names, which count
 * per process.
 */
type Source = readonly [layer: string, node: number, tensor: number, args?: object];

interface Node {
  readonly name?: string;
  readonly className: string;
  readonly config: unknown;
  /** One list of sources for each use of the layer; none where layers follow one another. */
  readonly inboundNodes?: readonly (readonly Source[])[];
}

interface Graph {
  readonly layers: readonly Node[];
  readonly inputLayers?: readonly Source[];
  readonly outputLayers?: readonly Source[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isGraph = (config: unknown): config is Graph =>
  isObject(config) && Array.isArray(config.layers) && config.layers.every(isObject);

/** `true` of { training: true }, say; tensors among the arguments are sources of their own. */
const plain = (args: object = {}): string => {
  const entries = Object.entries(args).filter(([, value]) => ['boolean', 'number', 'string'].includes(typeof value));
  return entries.length ? ` ${JSON.stringify(Object.fromEntries(entries))}` : '';
};

/** Sources of each layer by its path, `3-Add`: `2, 1`; nested models `4-Model/1-Dense`. A second use of a layer is `2#1`, a second output `2[1]`. */
export function wiringOf(config: unknown, path = ''): Record<string, string> {
  // what a wrapper is around
  if (isObject(config) && isObject(config.layer)) return wiringOf(config.layer.config, path);
  if (!isGraph(config)) return {};
  const { layers, inputLayers, outputLayers } = config;
  const places = new Map(layers.map(({ name }, i) => [name, i]));
  const said = (sources: readonly Source[]): string =>
    sources
      .map(([layer, node, tensor, args]) => {
        return `${places.get(layer)}${node ? `#${node}` : ''}${tensor ? `[${tensor}]` : ''}${plain(args)}`;
      })
      .join(', ');
  const ends = {
    ...(inputLayers && { [`${path}inputs`]: said(inputLayers) }),
    ...(outputLayers && { [`${path}outputs`]: said(outputLayers) }),
  };
  const inside = layers.map(({ className, config, inboundNodes = [] }, i) => {
    const name = `${path}${i}-${className}`;
    const uses = inboundNodes.map(said).join('; ');
    return { ...(uses && { [name]: uses }), ...wiringOf(config, `${name}/`) };
  });
  return Object.assign(ends, ...inside);
}
