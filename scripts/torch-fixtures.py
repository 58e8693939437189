"""Makes test/fixtures/torch: small files as torch.save writes them, each with its tensors again as safetensors.

    pip install torch numpy safetensors && python scripts/torch-fixtures.py
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save as safetensors

OUT = Path(__file__).parent.parent / "test" / "fixtures" / "torch"
OUT.mkdir(parents=True, exist_ok=True)
torch.manual_seed(7)


def save(tensors, name):
    (OUT / name).write_bytes(safetensors(tensors))


def write(name, value, tensors, **options):
    torch.save(value, OUT / f"{name}.pth", **options)
    save({key: tensor.detach().clone().contiguous() for key, tensor in tensors.items()}, f"{name}.safetensors")


class Net(torch.nn.Module):
    """What matters of the published networks: a frozen embedding, a buffer, weights of two shapes that come twice."""

    def __init__(self):
        super().__init__()
        embedding = torch.nn.Module()
        embedding.W = torch.nn.Parameter(torch.randn(4), requires_grad=False)
        nin = torch.nn.Module()
        nin.W = torch.nn.Parameter(torch.randn(3, 3))
        self.all_modules = torch.nn.ModuleList(
            [embedding, torch.nn.Conv2d(2, 3, 3), nin, torch.nn.BatchNorm2d(3), torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)]
        )
        self.register_buffer("sigmas", torch.linspace(1, 0.01, 5))

    def forward(self, x):
        return sum((p * p).sum() for p in self.parameters() if p.requires_grad) * x


net = Net()
state = net.state_dict()
write("state-dict", state, state)
write("state-dict-protocol-4", state, state, pickle_protocol=4)
write("legacy", state, state, _use_new_zipfile_serialization=False)

base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5) / 8
views = OrderedDict(
    whole=base,
    transposed=base.permute(2, 0, 1),
    stepped=base[:, 1::2, ::3],
    tail=base.reshape(-1)[50:],
    scalar=base[1, 1, 1],
    expanded=torch.tensor([1.5, -2.0]).reshape(2, 1).expand(2, 6),
    empty=torch.zeros(0, 3),
    one_wide=base[:, :, :1],
)
write("views", views, views)
write("views-legacy", views, views, _use_new_zipfile_serialization=False)

extremes = [0.0, -0.0, 1.0, 1 / 3, -65504.0, 6e-8, float("inf"), float("-inf"), float("nan")]
kinds = OrderedDict(
    float32=torch.tensor(extremes),
    float64=torch.tensor(extremes, dtype=torch.float64),
    float16=torch.tensor(extremes, dtype=torch.float16),
    bfloat16=torch.tensor(extremes, dtype=torch.bfloat16),
    int64=torch.tensor([2**53 + 1, -(2**63)]),
    int32=torch.tensor([-(2**31)], dtype=torch.int32),
    int16=torch.tensor([-(2**15)], dtype=torch.int16),
    int8=torch.tensor([-128], dtype=torch.int8),
    uint8=torch.tensor([255], dtype=torch.uint8),
    uint16=torch.tensor([65535], dtype=torch.uint16),
    bool=torch.tensor([True, False]),
    parameter=torch.nn.Parameter(torch.tensor([0.5])),
)
write("types", kinds, kinds)


def trained():
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    net(torch.tensor(1.0)).backward()
    optimizer.step()
    return optimizer


optimizer = trained()
shadows = [p.detach().clone() * 2 + 1 for p in net.parameters() if p.requires_grad]
trainable = [name for name, p in net.named_parameters() if p.requires_grad]
averaged = OrderedDict((name, tensor.clone()) for name, tensor in net.state_dict().items())
averaged.update(zip(trainable, shadows))
parallel = OrderedDict((f"module.{name}", tensor) for name, tensor in net.state_dict().items())
checkpoint = {
    "optimizer": optimizer.state_dict(),
    "model": parallel,
    "ema": {"decay": 0.999, "num_updates": 12, "shadow_params": shadows},
    "step": 1200,
}
write("checkpoint", checkpoint, averaged)
save({key: tensor.clone() for key, tensor in net.state_dict().items()}, "checkpoint-model.safetensors")
write("checkpoint-legacy", checkpoint, averaged, _use_new_zipfile_serialization=False)

by_name = OrderedDict((f"module.{name}", shadow) for name, shadow in zip(trainable, shadows))
write("list", [parallel, optimizer.state_dict(), 3, 1200, by_name], dict(zip(trainable, shadows)))

torch.save(net, OUT / "whole-module.pth")
torch.save({"weight": torch.eye(3).to_sparse()}, OUT / "sparse.pth")
