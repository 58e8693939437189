"""The workloads of `npm run bench` in PyTorch: python torch_peer.py [--threads N] [--only NAME] [--device cuda]

One JSON line a workload: its median and least time a unit, and the most memory the process has held. Needs torch.
"""
import argparse
import json
import math
import resource
import statistics
import sys
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional as F

BETA_MIN, BETA_MAX, STEPS = 0.1, 20.0, 500


def marginal(t):
    """scale and std of x_t | x_0 for the variance-preserving SDE."""
    log_scale = -0.25 * t**2 * (BETA_MAX - BETA_MIN) - 0.5 * t * BETA_MIN
    return log_scale.exp(), (-torch.expm1(2 * log_scale)).sqrt()


class Perceptron(nn.Module):
    def __init__(self, width, depth, size=2):
        super().__init__()
        widths = [size + 1] + [width] * depth
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.out = nn.Linear(width, size, bias=False)

    def forward(self, x, t):
        h = torch.cat((x, t.expand(len(x), 1)), dim=1)
        for layer in self.hidden:
            h = F.silu(layer(h))
        return self.out(h)


def group_norm(channels):
    return nn.GroupNorm(min(channels // 4, 32), channels, eps=1e-6)


class Residual(nn.Module):
    def __init__(self, c_in, c_out, told, change=None):
        super().__init__()
        self.change = change
        self.norms = nn.ModuleList((group_norm(c_in), group_norm(c_out)))
        self.convs = nn.ModuleList((nn.Conv2d(c_in, c_out, 3, padding=1), nn.Conv2d(c_out, c_out, 3, padding=1)))
        self.told = nn.Linear(told, c_out)
        self.short = nn.Conv2d(c_in, c_out, 1) if change or c_in != c_out else nn.Identity()

    def resize(self, h):
        if self.change == "up":
            return F.interpolate(h, scale_factor=2, mode="nearest")
        return F.avg_pool2d(h, 2) if self.change == "down" else h

    def forward(self, x, embedding):
        h = self.resize(F.silu(self.norms[0](x)))
        h = self.convs[0](h) + self.told(F.silu(embedding))[..., None, None]
        h = self.convs[1](F.silu(self.norms[1](h)))
        return (self.short(self.resize(x)) + h) * math.sqrt(0.5)


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = group_norm(channels)
        self.queries, self.keys, self.values, self.out = (nn.Conv2d(channels, channels, 1) for _ in range(4))

    def forward(self, x, _embedding):
        y = self.norm(x)
        q, k, v = (part(y).flatten(2) for part in (self.queries, self.keys, self.values))
        weights = torch.softmax(q.transpose(1, 2) @ k / math.sqrt(x.shape[1]), dim=-1)
        return (x + self.out((v @ weights.transpose(1, 2)).view_as(x))) * math.sqrt(0.5)


class DdpmPlusPlus(nn.Module):
    """The published DDPM++ with BigGAN blocks, nearest-neighbour resampling and positional embedding."""

    def __init__(self, channels, side, width, multipliers, blocks, attention):
        super().__init__()
        told = 4 * width
        self.width = width
        self.embed = nn.Sequential(nn.Linear(width, told), nn.SiLU(), nn.Linear(told, told))
        self.first = nn.Conv2d(channels, width, 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        kept, c, at = [width], width, side
        for level, multiplier in enumerate(multipliers):
            for _ in range(blocks):
                parts = [Residual(c, c := width * multiplier, told)]
                parts += [Attention(c)] if at in attention else []
                self.down.append(nn.ModuleList(parts))
                kept.append(c)
            if level < len(multipliers) - 1:
                self.down.append(nn.ModuleList([Residual(c, c, told, "down")]))
                kept.append(c)
                at //= 2
        self.middle = nn.ModuleList([Residual(c, c, told), Attention(c), Residual(c, c, told)])
        for level, multiplier in reversed(list(enumerate(multipliers))):
            for block in range(blocks + 1):
                parts = [Residual(c + kept.pop(), c := width * multiplier, told)]
                if block == blocks:
                    parts += [Attention(c)] if at in attention else []
                    parts += [Residual(c, c, told, "up")] if level else []
                self.up.append(nn.ModuleList(parts))
            at *= 2
        self.last = nn.Sequential(group_norm(c), nn.SiLU(), nn.Conv2d(c, channels, 3, padding=1))

    def forward(self, x, labels):
        rates = torch.exp(torch.arange(self.width // 2, device=x.device) * (-math.log(1e4) / (self.width // 2 - 1)))
        angles = labels[:, None] * rates
        embedding = self.embed(torch.cat((angles.sin(), angles.cos()), dim=1))
        h = self.first(x)
        kept = [h]
        for parts in self.down:
            for part in parts:
                h = part(h, embedding)
            kept.append(h)
        for part in self.middle:
            h = part(h, embedding)
        for parts in self.up:
            h = torch.cat((h, kept.pop()), dim=1)
            for part in parts:
                h = part(h, embedding)
        return self.last(h)


def sampling(batch):
    net, start = Perceptron(128, 3), torch.randn(batch, 2)

    @torch.no_grad()
    def call():
        x, times = start, torch.linspace(1, 1e-3, STEPS + 1, device=start.device)
        betas, stds = BETA_MIN + (BETA_MAX - BETA_MIN) * times, marginal(times)[1]
        for i in range(STEPS):
            dt = times[i] - times[i + 1]
            score = net(x, times[i]) / -stds[i]
            x = x + (0.5 * betas[i] * x + betas[i] * score) * dt + (betas[i] * dt).sqrt() * torch.randn_like(x)

    return call, STEPS, 3


def posterior(x, std, scale, net, told, measured):
    """The score of the model plus the guidance of PiGDM: the first half of x_0 is 0.5 +- 0.1."""
    x = x.detach().requires_grad_()
    eps = net(x, told)
    clean = (x - std * eps) / scale
    r2 = std**2 / (scale**2 + std**2)
    total = 0.01 + r2
    log_p = -0.5 * (0.5 - clean.flatten(1)[:, :measured]) ** 2 / total
    (guidance,) = torch.autograd.grad(log_p.sum(), x)
    return -eps.detach() / std + guidance


def guided(net, shape, steps, calls, guide=True):
    start, measured = torch.randn(shape), math.prod(shape[1:]) // 2
    net.requires_grad_(False)

    def call():
        x, times = start, torch.linspace(1, 1e-3, steps + 1, device=start.device)
        betas, (scales, stds) = BETA_MIN + (BETA_MAX - BETA_MIN) * times, marginal(times)
        for i in range(steps):
            dt = times[i] - times[i + 1]
            told = times[i] if x.dim() == 2 else 999 * times[i].expand(len(x))
            if guide:
                score = posterior(x, stds[i], scales[i], net, told, measured)
            else:
                with torch.no_grad():
                    score = net(x, told) / -stds[i]
            x = x + (0.5 * betas[i] * x + betas[i] * score) * dt + (betas[i] * dt).sqrt() * torch.randn_like(x)

    return call, steps, calls


def training(net, data, calls):
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    column = (len(data),) + (1,) * (data.dim() - 1)

    def call():
        t, noise = torch.rand(len(data), device=data.device), torch.randn_like(data)
        scale, std = (c.view(column) for c in marginal(t))
        told = t[:, None] if data.dim() == 2 else 999 * t
        loss = F.mse_loss(net(scale * data + std * noise, told), noise)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return call, 1, calls


def likelihood(net, x, told, calls):
    net.requires_grad_(False)
    probe = 2.0 * torch.randint(0, 2, x.shape) - 1

    def call():
        y = x.clone().requires_grad_()
        flow = -0.5 * (y + net(y, told))
        (product,) = torch.autograd.grad(flow, y, probe)
        return flow.detach(), (product * probe).flatten(1).sum(1)

    return call, 1, calls


def forward(net, x):
    labels = 999 * torch.rand(len(x))

    @torch.no_grad()
    def call():
        net(x, labels)

    return call, 1, 15


def product(side):
    a, b = torch.randn(side, side), torch.randn(side, side)
    return lambda: a @ b, 1, 15


def small():
    return DdpmPlusPlus(1, 28, 32, (1, 2, 2), 1, (14,))


def published():
    return DdpmPlusPlus(3, 32, 128, (1, 2, 2, 2), 4, (16,))


WORK = {
    "matmul": lambda: product(1024),
    "mlp-sample-16": lambda: sampling(16),
    "mlp-sample-256": lambda: sampling(256),
    "mlp-sample-4096": lambda: sampling(4096),
    "mlp-pigdm-256": lambda: guided(Perceptron(128, 3), (256, 2), STEPS, 5),
    "mlp-train": lambda: training(Perceptron(256, 4), torch.randn(1024, 2), 50),
    "mlp-likelihood": lambda: likelihood(Perceptron(128, 3), torch.randn(1024, 2), torch.rand(1024, 1), 100),
    "unet28-score": lambda: forward(small(), torch.randn(16, 1, 28, 28)),
    "unet28-sample": lambda: guided(small(), (16, 1, 28, 28), 10, 3, guide=False),
    "unet28-pigdm": lambda: guided(small(), (16, 1, 28, 28), 10, 3),
    "unet28-likelihood": lambda: likelihood(small(), torch.randn(16, 1, 28, 28), 999 * torch.rand(16), 10),
    "unet28-train": lambda: training(small(), torch.randn(64, 1, 28, 28), 8),
    "unet32-score": lambda: forward(published(), torch.randn(4, 3, 32, 32)),
}


def measure(name, device):
    # Only the weights and inputs: what a call makes states its device, since this context slows every operation.
    with torch.device(device):
        call, units, calls = WORK[name]()
    # Work on an accelerator is queued: it is over only when the queue is empty.
    wait = torch.accelerator.synchronize if torch.device(device).type != "cpu" else lambda: None
    per_unit = (1e6 if name.startswith(("mlp-sample", "mlp-pigdm")) else 1e3) / units
    times = []
    for turn in range(calls + 2):
        wait()
        began = perf_counter()
        call()
        wait()
        if turn >= 2:
            times.append((perf_counter() - began) * per_unit)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
    return {
        "peer": f"torch {torch.__version__} ({device})",
        "work": name,
        "median": statistics.median(times),
        "min": min(times),
        "peakMiB": held,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    for each in [options.only] if options.only else WORK:
        print(json.dumps(measure(each, options.device)), flush=True)
