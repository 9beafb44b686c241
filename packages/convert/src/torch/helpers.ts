/** Functions and modules that PyTorch does not have, written into scripts that need them. */

const padSame = `
def pad_same(x, kernel, stride, dilation, value=0.0):
    """Pads as Keras' padding="same" does: as many outputs as ceil(size / stride), one more at the end."""
    sizes = zip(x.shape[2:], kernel, stride, dilation)
    totals = [max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0) for n, k, s, d in sizes]
    return F.pad(x, [p for t in reversed(totals) for p in (t // 2, t - t // 2)], value=value)
`;

const averageSame = `
def average_same(x, pool, kernel, stride):
    """Average pooling with padding="same": what was padded does not count."""
    ones = (1,) * len(kernel)
    sums, counts = (pool(pad_same(y, kernel, stride, ones)) for y in (x, torch.ones_like(x)))
    return sums / counts
`;

const hardSigmoid = `
def hard_sigmoid(x):
    """Keras 2's, with slope 0.2; F.hardsigmoid has 1/6."""
    return torch.clamp(0.2 * x + 0.5, 0, 1)
`;

const gaussianDropout = `
class GaussianDropout(nn.Module):
    """Multiplies by noise with mean 1 and variance rate / (1 - rate), in training."""

    def __init__(self, rate):
        super().__init__()
        self.stddev = (rate / (1 - rate)) ** 0.5

    def forward(self, x):
        return x * (1 + self.stddev * torch.randn_like(x)) if self.training else x
`;

const gaussianNoise = `
class GaussianNoise(nn.Module):
    """Adds noise with mean 0, in training."""

    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * torch.randn_like(x) if self.training else x
`;

const dropPath = `
class DropPath(nn.Module):
    """Drops whole samples of a branch, in training (stochastic depth)."""

    def __init__(self, rate, scale=True):
        super().__init__()
        self.keep, self.scale = 1 - rate, scale

    def forward(self, x):
        if not self.training:
            return x
        mask = torch.empty(x.shape[:1] + (1,) * (x.dim() - 1), device=x.device).bernoulli_(self.keep)
        return x * mask / self.keep if self.scale else x * mask
`;

const normalization = `
class Normalization(nn.Module):
    """Moves and scales features by numbers that training does not change, as Keras' layer of that name."""

    def __init__(self, shape, invert=False):
        super().__init__()
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("variance", torch.ones(shape))
        self.invert = invert

    def forward(self, x):
        scale = self.variance.sqrt().clamp(min=1e-7)
        return x * scale + self.mean if self.invert else (x - self.mean) / scale
`;

const wordDropout = `
class WordDropout(nn.Module):
    """Replaces words by the unknown one, in training; nothing is scaled, since ids are names."""

    def __init__(self, rate, unknown, mask=None):
        super().__init__()
        self.rate, self.unknown, self.mask = rate, unknown, mask

    def forward(self, x):
        if not self.training:
            return x
        drop = torch.rand(x.shape, device=x.device) < self.rate
        return x.masked_fill(drop if self.mask is None else drop & (x != self.mask), self.unknown)
`;

const dropBlock = `
class DropBlock(nn.Module):
    """Drops squares of a feature map, in training (Ghiasi et al. 2018), and scales up what is left of each sample."""

    def __init__(self, rate, size):
        super().__init__()
        self.rate, self.size = rate, size

    def forward(self, x):
        if not self.training:
            return x
        (h, w), s = x.shape[2:], self.size
        gamma = self.rate / s**2 * h * w / ((h - s + 1) * (w - s + 1))
        first = torch.full((*x.shape[:2], h - s + 1, w - s + 1), gamma, device=x.device).bernoulli()
        kept = 1 - F.max_pool2d(F.pad(first, (s - 1,) * 4), s, stride=1)
        return x * kept / kept.mean(dim=(1, 2, 3), keepdim=True).clamp(min=1e-12)
`;

const weightNorm = `
class WeightNorm(nn.Module):
    """A weight as g v / |v|, with a length g for each unit along dim (Salimans & Kingma 2016)."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def length(self, v):
        return v.square().sum(dim=[d for d in range(v.dim()) if d != self.dim], keepdim=True).sqrt()

    def forward(self, g, v):
        return v * (g / self.length(v).clamp(min=1e-12))

    def right_inverse(self, w):
        return self.length(w), w
`;

const recurrentBase = `
class KerasRecurrent(nn.Module):
    """A recurrent layer with Keras' weights and activations, and one dropout mask of the state for all time steps."""

    def __init__(self, inputs, units, gates, activation, gate=None, bias=True, recurrent_dropout=0.0):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(inputs, gates * units))
        self.recurrent_kernel = nn.Parameter(torch.empty(units, gates * units))
        self.bias = nn.Parameter(torch.empty(gates * units)) if bias else 0.0
        self.units = units
        self.activation, self.gate, self.recurrent_dropout = activation, gate, recurrent_dropout

    def forward(self, x, state=None, mask=None):
        """Where mask [N, T] is false, the state stays as it was."""
        state = state or tuple(x.new_zeros(x.shape[0], self.units) for _ in range(self.states))
        kept = F.dropout(torch.ones_like(state[0]), self.recurrent_dropout, self.training)
        steps, recurrent_kernel, outputs = x @ self.kernel + self.bias, self.recurrent_kernel, []
        for t in range(x.shape[1]):
            after = self.step(steps[:, t], state, kept, recurrent_kernel)
            if mask is not None:
                after = tuple(torch.where(mask[:, t, None], a, b) for a, b in zip(after, state))
            state = after
            outputs.append(state[0])
        return torch.stack(outputs, dim=1), state
`;

const lstm = `
class KerasLSTM(KerasRecurrent):
    states = 2

    def step(self, x, state, kept, recurrent_kernel):
        h, c = state
        i, f, g, o = (x + (h * kept) @ recurrent_kernel).chunk(4, dim=-1)
        c = self.gate(f) * c + self.gate(i) * self.activation(g)
        return self.gate(o) * self.activation(c), c
`;

const gru = `
class KerasGRU(KerasRecurrent):
    """The reset gate comes before the recurrent kernel (reset_after=False)."""

    states = 1

    def step(self, x, state, kept, recurrent_kernel):
        (h,) = state
        xz, xr, xh = x.chunk(3, dim=-1)
        uz, ur, uh = recurrent_kernel.chunk(3, dim=-1)
        z, r = self.gate(xz + (h * kept) @ uz), self.gate(xr + (h * kept) @ ur)
        return (z * h + (1 - z) * self.activation(xh + (r * h * kept) @ uh),)
`;

const gruBehind = `
class KerasGRUResetAfter(KerasRecurrent):
    """The reset gate comes behind the recurrent kernel, which has a bias of its own (reset_after=True)."""

    states = 1

    def __init__(self, inputs, units, gates, activation, gate=None, bias=True, recurrent_dropout=0.0):
        super().__init__(inputs, units, gates, activation, gate, bias, recurrent_dropout)
        self.recurrent_bias = nn.Parameter(torch.empty(gates * units)) if bias else 0.0

    def step(self, x, state, kept, recurrent_kernel):
        (h,) = state
        xz, xr, xh = x.chunk(3, dim=-1)
        hz, hr, hh = ((h * kept) @ recurrent_kernel + self.recurrent_bias).chunk(3, dim=-1)
        z, r = self.gate(xz + hz), self.gate(xr + hr)
        return (z * h + (1 - z) * self.activation(xh + r * hh),)
`;

const rnn = `
class KerasRNN(KerasRecurrent):
    states = 1

    def step(self, x, state, kept, recurrent_kernel):
        return (self.activation(x + (state[0] * kept) @ recurrent_kernel),)
`;

/** The helpers, in the order in which they must be written. */
const helpers = {
  pad_same: padSame,
  average_same: averageSame,
  hard_sigmoid: hardSigmoid,
  GaussianDropout: gaussianDropout,
  GaussianNoise: gaussianNoise,
  DropPath: dropPath,
  DropBlock: dropBlock,
  WeightNorm: weightNorm,
  Normalization: normalization,
  WordDropout: wordDropout,
  KerasRecurrent: recurrentBase,
  KerasLSTM: lstm,
  KerasGRU: gru,
  KerasGRUResetAfter: gruBehind,
  KerasRNN: rnn,
} as const;

export type HelperName = keyof typeof helpers;

/** The helper that another one needs. */
const needs: Partial<Record<HelperName, HelperName>> = {
  average_same: 'pad_same',
  KerasLSTM: 'KerasRecurrent',
  KerasGRU: 'KerasRecurrent',
  KerasGRUResetAfter: 'KerasRecurrent',
  KerasRNN: 'KerasRecurrent',
};

/** All names of helpers, which no class of a model may use. */
export const helperNames: readonly string[] = Object.keys(helpers);

/** The text of the helpers that a script needs. */
export function helperText(wanted: ReadonlySet<HelperName>): string {
  const all = new Set([...wanted].flatMap(name => [name, needs[name]]));
  return Object.entries(helpers)
    .filter(([name]) => [...all].some(one => one === name))
    .map(([, text]) => `${text}\n`)
    .join('');
}
