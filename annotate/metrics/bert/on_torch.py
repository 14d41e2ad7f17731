"""The engine with torch: a GPU, and models that OpenVINO's graph does not know, through transformers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotate.fault import Fault
from annotate.metrics.bert.encoder import Place, Vectors, padded, put

TOKENS = {"cpu": 2048, "cuda": 65_536}
"""A GPU is busy only when it is given much at a time."""
CELLS = 1 << 26
"""How many cosines are held at a time, 256 MB, however many pairs and however long."""

Pair = tuple[Any, Any]


class OnTorch:
    """An `Engine` on one device, where the vectors stay until they are compared."""

    def __init__(self, folder: Path, layer: int, *, precision: str, device: str) -> None:
        import torch

        kind = torch.bfloat16 if precision == "bf16" else torch.float32
        self._torch, self._device, self._layer = torch, device, layer
        self._model = _cut(_loaded(folder, kind), layer).to(device)
        self._padding = int(self._model.config.pad_token_id or 0)
        self._width = int(self._model.config.hidden_size)
        self.tokens = TOKENS[device]

    def room(self, rows: int) -> Any:
        """Return room for the vectors of so many word pieces."""
        return self._torch.empty((rows, self._width), dtype=self._torch.float32, device=self._device)

    def run(self, batches: Iterable[Sequence[Place]]) -> None:
        """Run batch after batch; the device works while the next is made ready."""
        with self._torch.inference_mode():
            for batch in batches:
                self._run(batch)

    def _run(self, batch: Sequence[Place]) -> None:
        try:
            put(self._read(batch), batch)
        except self._torch.OutOfMemoryError as fault:
            if len(batch) == 1:
                raise Fault(
                    f"The GPU has no room for one text of {len(batch[0].ids)} word pieces."
                ) from fault
            middle = len(batch) // 2
        else:
            return
        # Outside of the handler, whose traceback holds what filled the memory.
        self._run(batch[:middle])
        self._run(batch[middle:])

    def _read(self, batch: Sequence[Place]) -> Any:
        torch = self._torch
        ids, there = (torch.from_numpy(each).to(self._device) for each in padded(batch, self._padding))
        said = self._model(input_ids=ids.long(), attention_mask=there.long(), output_hidden_states=True)
        return torch.nn.functional.normalize(said.hidden_states[self._layer].float(), dim=-1)

    def nearest(self, pairs: Sequence[Pair]) -> list[tuple[Vectors, Vectors]]:
        """Compare pairs of like size together, on the device."""
        order = sorted(range(len(pairs)), key=lambda n: len(pairs[n][0]) * len(pairs[n][1]))
        found: dict[int, tuple[Vectors, Vectors]] = {}
        with self._torch.inference_mode():
            for group in _groups(order, pairs):
                both = self._nearest([pairs[n] for n in group])
                for n, of_a, of_b in zip(group, *both, strict=True):
                    found[n] = of_a[: len(pairs[n][0])], of_b[: len(pairs[n][1])]
        return [found[n] for n in range(len(pairs))]

    def _nearest(self, group: Sequence[Pair]) -> tuple[Vectors, Vectors]:
        """Rows of zeros fill up the shorter texts: their cosine is 0, below which nothing counts anyway."""
        torch = self._torch
        a, b = (torch.nn.utils.rnn.pad_sequence(each, batch_first=True) for each in zip(*group, strict=True))
        of_a, of_b = torch.zeros(a.shape[:2], device=a.device), torch.zeros(b.shape[:2], device=b.device)
        step = max(CELLS // (a.shape[0] * a.shape[1]), 1)
        for at in range(0, b.shape[1], step):
            alike = torch.bmm(a, b[:, at : at + step].transpose(1, 2))
            of_a = torch.maximum(of_a, alike.amax(2))
            of_b[:, at : at + step] = alike.amax(1).clamp(min=0)
        return of_a.cpu().numpy(), of_b.cpu().numpy()


def _groups(order: Sequence[int], pairs: Sequence[Pair]) -> Iterator[list[int]]:
    """Yield neighbours in size whose cosines, with all padding, are at most `CELLS`; or one pair alone."""
    group: list[int] = []
    longest = np.zeros(2, dtype=np.int64)
    for n in order:
        grown = np.maximum(longest, [len(text) for text in pairs[n]])
        if group and (len(group) + 1) * int(grown.prod()) > CELLS:
            yield group
            group, grown = [], np.array([len(text) for text in pairs[n]])
        group.append(n)
        longest = grown
    if group:
        yield group


def _loaded(folder: Path, kind: Any) -> Any:
    import transformers

    transformers.logging.set_verbosity_error()  # it lists every weight that only other uses need
    transformers.logging.disable_progress_bar()
    try:
        model = transformers.AutoModel.from_pretrained(folder, local_files_only=True, dtype=kind)
    except Exception as fault:  # what its hundreds of families raise
        said = (str(fault).strip() or repr(fault)).splitlines()[0]
        raise Fault(f"transformers cannot read the model in {folder.name}: {said}") from fault
    return (model.get_encoder() if model.config.is_encoder_decoder else model).eval()


def _cut(model: Any, layer: int) -> Any:
    """Drop the layers that nobody asked for, whatever the family calls their list; some share one for all."""
    from torch.nn import ModuleList

    for module in model.modules():
        for name, child in module.named_children():
            if isinstance(child, ModuleList) and len(child) == model.config.num_hidden_layers:
                setattr(module, name, child[: max(layer, 1)])
                return model
    return model
